package io.medallion.testkit.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private S3Server server;
  private FaultProxy proxy;

  @BeforeEach
  void open() {
    server = S3Server.startWithoutAuthentication();
    server.createBucket("bucket");
    proxy = FaultProxy.inFrontOf(server.endpoint());
  }

  @AfterEach
  void close() {
    proxy.close();
    server.close();
  }

  @Test
  void passesRequestsOnAndCountsThemByKind() throws Exception {
    assertThat(put(proxy.endpoint(), "k", "content").statusCode()).isEqualTo(200);
    assertThat(get(proxy.endpoint(), "/bucket/k").body()).isEqualTo("content");
    assertThat(get(proxy.endpoint(), "/bucket?list-type=2").body()).contains("<Key>k</Key>");
    assertThat(get(proxy.endpoint(), "/bucket?location").statusCode()).isEqualTo(200);
    assertThat(proxy.requests())
        .isEqualTo(
            Map.of(
                RequestKind.PUT,
                1L,
                RequestKind.GET,
                1L,
                RequestKind.LIST,
                1L,
                RequestKind.BUCKET,
                1L));
    assertThat(proxy.faults()).isEmpty();
  }

  @Test
  void anAnswerThatIsLostIsToARequestThatWasApplied() throws Exception {
    proxy.breakNext(Fault.LOST_ANSWER, "PUT", "/k");
    assertThatThrownBy(() -> put(proxy.endpoint(), "k", "content")).isInstanceOf(IOException.class);
    assertThat(get(server.endpoint(), "/bucket/k").body()).isEqualTo("content");
  }

  @Test
  void slowDownAndResetKeepTheRequestFromTheServer() throws Exception {
    proxy.breakNext(Fault.SLOW_DOWN, "PUT", "/k");
    HttpResponse<String> answer = put(proxy.endpoint(), "k", "content");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("<Code>SlowDown</Code>");
    proxy.breakNext(Fault.RESET, "PUT", "/k");
    assertThatThrownBy(() -> put(proxy.endpoint(), "k", "content")).isInstanceOf(IOException.class);
    assertThat(get(server.endpoint(), "/bucket/k").statusCode()).isEqualTo(404);
  }

  @Test
  void aBodyIsCutOrSlow() throws Exception {
    put(server.endpoint(), "k", "0123456789");
    proxy.breakNext(Fault.CUT_BODY, "GET", "/k");
    assertThatThrownBy(() -> get(proxy.endpoint(), "/bucket/k")).isInstanceOf(IOException.class);
    proxy.breakNext(Fault.SLOW_BODY, "GET", "/k");
    assertThat(get(proxy.endpoint(), "/bucket/k").body()).isEqualTo("0123456789");
    assertThat(proxy.faults()).isEqualTo(Map.of(Fault.CUT_BODY, 1L, Fault.SLOW_BODY, 1L));
  }

  @Test
  void theSameSeedBreaksTheSameRequests() throws Exception {
    put(server.endpoint(), "k", "0123456789");
    List<Boolean> first = outcomes(42);
    assertThat(outcomes(42)).isEqualTo(first);
    assertThat(outcomes(43)).isNotEqualTo(first);
    assertThat(first).contains(true, false);
  }

  private List<Boolean> outcomes(long seed) throws InterruptedException {
    proxy.breakAtRandom(seed, 0.3);
    List<Boolean> outcomes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      try {
        outcomes.add(get(proxy.endpoint(), "/bucket/k").statusCode() == 200);
      } catch (IOException e) {
        outcomes.add(false);
      }
    }
    return outcomes;
  }

  private HttpResponse<String> put(URI endpoint, String key, String content)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(endpoint.resolve("/bucket/" + key))
            // Without it the server asks all of the JVM's detectors of file types, Snowflake's
            // among
            // them, which knows only files on disks.
            .header("Content-Type", "text/plain")
            .PUT(BodyPublishers.ofString(content))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(URI endpoint, String path)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(endpoint.resolve(path)).build(), BodyHandlers.ofString());
  }
}
