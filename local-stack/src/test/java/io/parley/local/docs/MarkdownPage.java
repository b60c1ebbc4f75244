package io.parley.local.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the tests want to know of a page: its links, and the anchors that GitHub makes of its headings. */
final class MarkdownPage {

    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```[ \\t]*$");
    private static final Pattern CODE = Pattern.compile("`[^`\\n]+`");
    private static final Pattern LINK =
            Pattern.compile("\\]\\(([^)\\s]+)(?:\\s+\"[^\"]*\")?\\)|(?:src|srcset|href)=\"([^\"]+)\"");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *#*$");

    private final Path file;
    private final String prose;

    MarkdownPage(Path file) {
        this.file = file;
        this.prose = FENCE.matcher(Pages.read(file)).replaceAll("");
    }

    Path file() {
        return file;
    }

    /** Targets of all links and pictures, as written; code is not looked at. */
    List<String> links() {
        List<String> links = new ArrayList<>();
        Matcher link = LINK.matcher(CODE.matcher(prose).replaceAll("code"));
        while (link.find()) {
            links.add(link.group(1) != null ? link.group(1) : link.group(2));
        }
        return links;
    }

    /** Texts of code spans within lines. */
    List<String> codeSpans() {
        List<String> spans = new ArrayList<>();
        Matcher code = CODE.matcher(prose);
        while (code.find()) {
            spans.add(code.group().substring(1, code.group().length() - 1));
        }
        return spans;
    }

    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        Matcher heading = HEADING.matcher(prose);
        while (heading.find()) {
            String anchor = heading.group(1)
                    .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-');
            int before = seen.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? anchor : anchor + '-' + before);
        }
        return anchors;
    }
}
