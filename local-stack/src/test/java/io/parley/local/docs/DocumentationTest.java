package io.parley.local.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the pages point to is there, and they would be true on any machine. */
class DocumentationTest {

    private static final Pattern ELSEWHERE = Pattern.compile("[a-z][a-z0-9+.-]*:.*");
    /** The beginnings of absolute paths that say where somebody keeps things. */
    private static final Pattern MACHINE_PATH = Pattern.compile(
            "(?<![\\w.*/-])(?:/(?:root|home|Users|work|tmp|usr|opt|var|etc|mnt|srv)/\\S*|[A-Z]:\\\\\\S*)");

    private static final Pattern OUR_NAME = Pattern.compile("io\\.parley(?:\\.[a-z]+)+(?:\\.[A-Z]\\w*)?");

    private static final Pattern OUR_TEST = Pattern.compile("[A-Z]\\w*(?:Test|ITCase)");

    private static List<MarkdownPage> pages() {
        List<MarkdownPage> pages =
                Pages.withEnding(".md").stream().map(MarkdownPage::new).toList();
        assertThat(pages).isNotEmpty();
        return pages;
    }

    @Test
    void everyRelativeLinkLeadsToAFileAndItsAnchor() {
        List<String> broken = new ArrayList<>();
        for (MarkdownPage page : pages()) {
            for (String link : page.links()) {
                if (!ELSEWHERE.matcher(link).matches() && !leadsSomewhere(page, link)) {
                    broken.add(Pages.ROOT.relativize(page.file()) + " -> " + link);
                }
            }
        }
        assertThat(broken).as("links to nothing").isEmpty();
    }

    private static boolean leadsSomewhere(MarkdownPage page, String link) {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target =
                path.isEmpty() ? page.file() : page.file().resolveSibling(path).normalize();
        if (!target.startsWith(Pages.ROOT) || !Files.exists(target)) {
            return false;
        }
        return hash < 0 || new MarkdownPage(target).anchors().contains(link.substring(hash + 1));
    }

    @Test
    void noPageNamesAPathOfSomebodysMachine() {
        List<String> found = new ArrayList<>();
        List<Path> files = new ArrayList<>(Pages.withEnding(".md"));
        files.addAll(Pages.withEnding(".svg"));
        for (Path file : files) {
            Matcher path = MACHINE_PATH.matcher(Pages.read(file));
            while (path.find()) {
                found.add(Pages.ROOT.relativize(file) + ": " + path.group());
            }
        }
        assertThat(found).as("absolute paths").isEmpty();
    }

    @Test
    void everyClassAndPackageThatAPageNamesIsThere() {
        Set<String> known = new TreeSet<>();
        for (Path source : Pages.withEnding(".java")) {
            addNames(Pages.ROOT.relativize(source), known);
        }
        // Generated from the .proto files.
        known.add("io.parley.core.wire");
        Set<String> unknown = new TreeSet<>();
        for (MarkdownPage page : pages()) {
            for (String span : page.codeSpans()) {
                Matcher name = OUR_NAME.matcher(span);
                if (name.matches() && !known.contains(span)) {
                    unknown.add(Pages.ROOT.relativize(page.file()) + ": " + span);
                }
            }
        }
        assertThat(unknown).as("names of nothing").isEmpty();
    }

    /** So that a page which says what shows something does not go on saying it when the test is gone. */
    @Test
    void everyTestThatAPageNamesIsThere() {
        Set<String> known = new TreeSet<>();
        Pages.withEnding(".java")
                .forEach(source -> known.add(source.getFileName().toString().replace(".java", "")));
        Set<String> unknown = new TreeSet<>();
        for (MarkdownPage page : pages()) {
            for (String span : page.codeSpans()) {
                if (OUR_TEST.matcher(span).matches() && !known.contains(span)) {
                    unknown.add(Pages.ROOT.relativize(page.file()) + ": " + span);
                }
            }
        }
        assertThat(unknown).as("names of no test").isEmpty();
    }

    /** The class of a source file, its package and all above that. */
    private static void addNames(Path source, Set<String> known) {
        for (int i = 0; i < source.getNameCount(); i++) {
            if (source.getName(i).toString().equals("java") && i + 1 < source.getNameCount()) {
                String name = source.subpath(i + 1, source.getNameCount())
                        .toString()
                        .replace(source.getFileSystem().getSeparator(), ".");
                name = name.substring(0, name.length() - ".java".length());
                while (name.contains(".") && known.add(name)) {
                    name = name.substring(0, name.lastIndexOf('.'));
                }
                return;
            }
        }
    }
}
