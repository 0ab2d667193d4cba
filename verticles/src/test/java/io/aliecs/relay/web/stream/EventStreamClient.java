package io.aliecs.relay.web.stream;

import io.aliecs.relay.web.RunningWeb;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Reads server-sent events from a plain socket, as slowly as a test wants. For one thread. */
public final class EventStreamClient implements AutoCloseable {

  /** One event, or a comment with the name ":". */
  public record Event(String name, String id, String data) {
    JsonObject json() {
      return new JsonObject(data);
    }
  }

  private final Socket socket = new Socket();
  private final InputStream in;
  private String head = "";
  private int chunkLeft;

  EventStreamClient(int port, int receiveBuffer, String... headers) {
    try {
      socket.setReceiveBufferSize(receiveBuffer);
      socket.setSoTimeout(60_000);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
      String request =
          "GET /api/v1/runs/stream HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n" + more;
      socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.UTF_8));
      in = new java.io.BufferedInputStream(socket.getInputStream(), 1_024);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static EventStreamClient on(RunningWeb web, String... headers) {
    EventStreamClient client = new EventStreamClient(web.web.listening().port(), 65_536, headers);
    client.readHead();
    return client;
  }

  String readHead() {
    try {
      StringBuilder lines = new StringBuilder();
      for (String line = rawLine(); !line.isEmpty(); line = rawLine()) {
        lines.append(line).append('\n');
      }
      head = lines.toString();
      return head;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String head() {
    return head;
  }

  /** The next event, comments left out. */
  Event next() {
    Event event = nextWithComments();
    while (event.name().equals(":") || event.data().isEmpty()) {
      event = nextWithComments();
    }
    return event;
  }

  /** The next event of that name. */
  public Event next(String name) {
    Event event = next();
    while (!event.name().equals(name)) {
      event = next();
    }
    return event;
  }

  Event nextWithComments() {
    try {
      String name = "";
      String id = "";
      String data = "";
      for (String line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        String field = line.substring(0, colon);
        String value = line.substring(colon + 1).strip();
        switch (field) {
          case "" -> {
            name = ":";
            data = value;
          }
          case "event" -> name = value;
          case "id" -> id = value;
          case "data" -> data = value;
          default -> {}
        }
      }
      return new Event(name, id, data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the stream ends, whatever comes before that. */
  boolean ends() {
    try {
      while (in.read() >= 0) {}
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = bodyByte(); b != '\n'; b = bodyByte()) {
      bytes.write(b);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private int bodyByte() throws IOException {
    if (chunkLeft == 0) {
      String size = rawLine();
      chunkLeft = Integer.parseInt(size.isEmpty() ? rawLine() : size, 16);
      if (chunkLeft == 0) {
        throw new EOFException("the stream has ended");
      }
    }
    chunkLeft--;
    return rawByte();
  }

  private String rawLine() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = rawByte(); b != '\n'; b = rawByte()) {
      if (b != '\r') {
        bytes.write(b);
      }
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  private int rawByte() throws IOException {
    int b = in.read();
    if (b < 0) {
      throw new EOFException("the connection has ended");
    }
    return b;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
