package io.medallion.testkit.skips;

import java.util.Optional;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherInterceptor;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Fails a test run in which a test was skipped that is not on the list of those that may be, where
 * {@code -Dmedallion.skips=fail} asks for it. JUnit finds it by itself in every module.
 */
public final class Skips implements TestExecutionListener, LauncherInterceptor {
  /** Of this JVM: JUnit makes one of these to listen and one to intercept. */
  private static final TreeSet<String> OF_THIS_JVM = new TreeSet<>();

  private final AllowedSkips allowed;
  private final TreeSet<String> unlisted;
  private final boolean fails;

  /** As JUnit makes it. */
  public Skips() {
    this(
        AllowedSkips.shipped(),
        OF_THIS_JVM,
        "fail".equals(System.getProperty("medallion.skips", "allow")));
  }

  Skips(AllowedSkips allowed, TreeSet<String> unlisted, boolean fails) {
    this.allowed = allowed;
    this.unlisted = unlisted;
    this.fails = fails;
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    skipped(test, reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      skipped(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
    }
  }

  private void skipped(TestIdentifier test, String reason) {
    String name = test.getSource().flatMap(Skips::name).orElse(test.getDisplayName());
    if (!allowed.allow(name)) {
      synchronized (unlisted) {
        unlisted.add(name + " (" + reason + ")");
      }
    }
  }

  private static Optional<String> name(TestSource source) {
    if (source instanceof MethodSource method) {
      return Optional.of(simple(method.getClassName()) + "#" + method.getMethodName());
    }
    return source instanceof ClassSource ofClass
        ? Optional.of(simple(ofClass.getClassName()))
        : Optional.empty();
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  @Override
  public <T> T intercept(Invocation<T> invocation) {
    T result = invocation.proceed();
    synchronized (unlisted) {
      if (fails && !unlisted.isEmpty()) {
        String tests = String.join("\n  ", unlisted);
        unlisted.clear();
        throw new IllegalStateException(
            "skipped, and not on the list of tests that may be (testkit's allowed-skips.txt):\n  "
                + tests);
      }
    }
    return result;
  }

  @Override
  public void close() {}
}
