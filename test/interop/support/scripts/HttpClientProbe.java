import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A client on java.net.http that prefers HTTP/2: over http it asks by Upgrade, over https by ALPN.
 *
 * java HttpClientProbe URL METHOD BODY_SIZE REQUESTS: sends one request, and when it is answered the
 * rest at once. Each answer is a line: version, status, body size, SHA-256, the body's beginning in
 * base64 ("-" where it is empty). The octets of a request's body are their own index modulo 251.
 */
public final class HttpClientProbe {
    public static void main(String[] args) throws Exception {
        URI uri = URI.create(args[0]);
        String method = args[1];
        byte[] body = pattern(Integer.parseInt(args[2]));
        int requests = Integer.parseInt(args[3]);
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(trustAll()).build();
        print(send(client, uri, method, body).join());
        List<CompletableFuture<HttpResponse<byte[]>>> rest = new ArrayList<>();
        for (int sent = 1; sent < requests; sent++) rest.add(send(client, uri, method, body));
        for (CompletableFuture<HttpResponse<byte[]>> response : rest) print(response.join());
        System.out.flush();
        // The client's threads would keep the program alive for a while.
        System.exit(0);
    }

    private static CompletableFuture<HttpResponse<byte[]>> send(
            HttpClient client, URI uri, String method, byte[] body) {
        HttpRequest.BodyPublisher publisher =
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
        HttpRequest request = HttpRequest.newBuilder(uri).method(method, publisher).build();
        return client.sendAsync(request, BodyHandlers.ofByteArray());
    }

    private static void print(HttpResponse<byte[]> response) throws Exception {
        byte[] body = response.body();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
        byte[] beginning = java.util.Arrays.copyOf(body, Math.min(body.length, 4096));
        String text = body.length == 0 ? "-" : Base64.getEncoder().encodeToString(beginning);
        System.out.printf(
                "%s %d %d %s %s%n",
                response.version(), response.statusCode(), body.length, HexFormat.of().formatHex(hash), text);
    }

    private static byte[] pattern(int size) {
        byte[] octets = new byte[size];
        for (int index = 0; index < size; index++) octets[index] = (byte) (index % 251);
        return octets;
    }

    private static SSLContext trustAll() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustEverybody()}, null);
        return context;
    }

    private static final class TrustEverybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
