package io.parley.local.s3;

import io.parley.local.edge.AwsException;
import java.io.ByteArrayInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** The XML that a call carries. Document types are refused, so that no entity reaches beyond the body. */
final class XmlBody {

    private XmlBody() {}

    static Document parse(byte[] bytes, String root) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler() {
                @Override
                public void fatalError(SAXParseException e) throws SAXException {
                    throw e;
                }
            });
            Document document = builder.parse(new ByteArrayInputStream(bytes));
            if (root.equals(document.getDocumentElement().getLocalName())) {
                return document;
            }
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's XML parser can refuse document types", e);
        } catch (SAXException | java.io.IOException e) {
            // Answered below, like another root element.
        }
        throw malformed();
    }

    /** The text of the first element of that name below, or null. */
    static String text(Document document, String name) {
        return text(document.getDocumentElement(), name);
    }

    static String text(Element parent, String name) {
        NodeList found = parent.getElementsByTagNameNS("*", name);
        return found.getLength() == 0 ? null : found.item(0).getTextContent();
    }

    static AwsException malformed() {
        return new AwsException(
                400, "MalformedXML", "The XML you provided was not well-formed or did not match our schema.");
    }
}
