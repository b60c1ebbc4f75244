package io.parley.local.s3;

import io.parley.local.edge.AwsException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The calls about the account and about one bucket. Blocks on the disk. */
final class BucketOperations {

    private static final int MAX_DELETED = 1000;
    private static final String US_EAST_1 = "us-east-1";

    private final BucketFolder buckets;

    BucketOperations(BucketFolder buckets) {
        this.buckets = buckets;
    }

    S3Answer answer(S3Call call) throws IOException {
        switch (call.method()) {
            case "PUT":
                return create(call);
            case "HEAD":
                return S3Answer.headers(
                        200,
                        Map.of(
                                "x-amz-bucket-region",
                                buckets.get(call.bucket()).record().region()));
            case "DELETE":
                buckets.delete(call.bucket());
                return S3Answer.empty(204);
            case "GET":
                if (call.asks("location")) {
                    return location(call);
                }
                return "2".equals(call.parameter("list-type", "1")) ? listV2(call) : listV1(call);
            case "POST":
                if (call.asks("delete")) {
                    return deleteObjects(call);
                }
                throw S3Service.notImplemented("an upload by POST");
            default:
                throw S3Service.notImplemented(call.method() + " on a bucket");
        }
    }

    S3Answer listBuckets() {
        XmlDocument answer = new XmlDocument("ListAllMyBucketsResult");
        answer.open("Owner").element("ID", "local").close().open("Buckets");
        for (Bucket.BucketRecord bucket : buckets.records()) {
            answer.open("Bucket")
                    .element("Name", bucket.name())
                    .element("CreationDate", bucket.created())
                    .element("BucketRegion", bucket.region())
                    .close();
        }
        return S3Answer.xml(200, answer.close());
    }

    private S3Answer create(S3Call call) throws IOException {
        String region = call.region();
        if (call.body().length > 0) {
            Document configuration = XmlBody.parse(Payload.of(call).bytes(), "CreateBucketConfiguration");
            String constraint = XmlBody.text(configuration, "LocationConstraint");
            region = constraint == null || constraint.isEmpty() ? region : constraint;
        }
        buckets.create(call.bucket(), region);
        return S3Answer.headers(200, Map.of("Location", "/" + call.bucket()));
    }

    private S3Answer location(S3Call call) {
        String region = buckets.get(call.bucket()).record().region();
        return S3Answer.xml(200, new XmlDocument("LocationConstraint").text(region.equals(US_EAST_1) ? "" : region));
    }

    private S3Answer listV2(S3Call call) {
        String token = call.parameter("continuation-token", null);
        String startAfter = call.parameter("start-after", null);
        Listing.Place after = token != null
                ? Listing.Place.ofToken(token)
                : startAfter != null ? new Listing.Place(startAfter, false) : null;
        Listing page = page(call, after);
        UnaryOperator<String> encoding = encoding(call);
        XmlDocument answer = beginListing(call, page, encoding)
                .element(
                        "KeyCount",
                        page.objects().size() + page.commonPrefixes().size())
                .element("ContinuationToken", token)
                .element(
                        "NextContinuationToken",
                        page.end() == null ? null : page.end().token())
                .element("StartAfter", startAfter == null ? null : encoding.apply(startAfter));
        return S3Answer.xml(200, endListing(answer, page, encoding));
    }

    private S3Answer listV1(S3Call call) {
        String marker = call.parameter("marker", "");
        String delimiter = call.parameter("delimiter", "");
        // A marker that is a common prefix of the page before stands for all of its keys.
        boolean isPrefix = !delimiter.isEmpty() && marker.endsWith(delimiter);
        Listing page = page(call, marker.isEmpty() ? null : new Listing.Place(marker, isPrefix));
        UnaryOperator<String> encoding = encoding(call);
        XmlDocument answer = beginListing(call, page, encoding).element("Marker", encoding.apply(marker));
        if (page.end() != null && !delimiter.isEmpty()) {
            answer.element("NextMarker", encoding.apply(page.end().name()));
        }
        return S3Answer.xml(200, endListing(answer, page, encoding));
    }

    private Listing page(S3Call call, Listing.Place after) {
        return Listing.of(
                buckets.get(call.bucket()).index(),
                call.parameter("prefix", ""),
                call.parameter("delimiter", ""),
                after,
                Listing.maxKeys(call));
    }

    private static XmlDocument beginListing(S3Call call, Listing page, UnaryOperator<String> encoding) {
        String delimiter = call.parameter("delimiter", "");
        return new XmlDocument("ListBucketResult")
                .element("Name", call.bucket())
                .element("Prefix", encoding.apply(call.parameter("prefix", "")))
                .element("Delimiter", delimiter.isEmpty() ? null : encoding.apply(delimiter))
                .element("MaxKeys", Listing.maxKeys(call))
                .element("EncodingType", call.parameter("encoding-type", null))
                .element("IsTruncated", page.end() != null);
    }

    private static XmlDocument endListing(XmlDocument answer, Listing page, UnaryOperator<String> encoding) {
        for (Map.Entry<String, Bucket.Listed> object : page.objects()) {
            answer.open("Contents")
                    .element("Key", encoding.apply(object.getKey()))
                    .element(
                            "LastModified",
                            Instant.ofEpochMilli(object.getValue().lastModifiedMs()))
                    .element("ETag", object.getValue().etag())
                    .element("Size", object.getValue().size())
                    .element("StorageClass", object.getValue().storageClass())
                    .close();
        }
        for (String prefix : page.commonPrefixes()) {
            answer.open("CommonPrefixes")
                    .element("Prefix", encoding.apply(prefix))
                    .close();
        }
        return answer;
    }

    private static UnaryOperator<String> encoding(S3Call call) {
        String type = call.parameter("encoding-type", null);
        if (type == null) {
            return UnaryOperator.identity();
        }
        if (!type.equals("url")) {
            throw new AwsException(400, "InvalidArgument", "Invalid Encoding Method specified in Request: " + type);
        }
        return name -> URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }

    private S3Answer deleteObjects(S3Call call) throws IOException {
        Bucket bucket = buckets.get(call.bucket());
        Payload payload = Payload.of(call);
        if (payload.checksums().isEmpty() && !call.headers().containsKey("Content-MD5")) {
            throw new AwsException(400, "InvalidRequest", "Missing required header for this request: Content-MD5");
        }
        Document request = XmlBody.parse(payload.bytes(), "Delete");
        boolean quiet = "true".equalsIgnoreCase(XmlBody.text(request, "Quiet"));
        List<String> keys = keys(request);
        XmlDocument answer = new XmlDocument("DeleteResult");
        for (String key : keys) {
            bucket.delete(key);
            if (!quiet) {
                answer.open("Deleted").element("Key", key).close();
            }
        }
        return S3Answer.xml(200, answer);
    }

    private static List<String> keys(Document request) {
        NodeList objects = request.getElementsByTagNameNS("*", "Object");
        if (objects.getLength() == 0 || objects.getLength() > MAX_DELETED) {
            throw XmlBody.malformed();
        }
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < objects.getLength(); i++) {
            Element object = (Element) objects.item(i);
            String key = XmlBody.text(object, "Key");
            if (key == null || key.isEmpty()) {
                throw XmlBody.malformed();
            }
            if (object.getElementsByTagNameNS("*", "VersionId").getLength() > 0
                    || object.getElementsByTagNameNS("*", "ETag").getLength() > 0) {
                throw S3Service.notImplemented("DeleteObjects by version or ETag");
            }
            keys.add(key);
        }
        return keys;
    }
}
