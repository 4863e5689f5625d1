package io.medallion.testkit.snowflake;

import java.util.concurrent.CountDownLatch;

/**
 * A {@link SnowflakeStandIn} as a program: prints its address on a line of its own and runs until
 * it is told to end (SIGTERM).
 *
 * <p>Arguments: database, schema and user. The user's OAuth token is what the environment variable
 * {@code SNOWFLAKE_TOKEN} holds.
 */
public final class StandInProcess {
  private StandInProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    SnowflakeStandIn standIn =
        SnowflakeStandIn.start(arguments[0], arguments[1])
            .withToken(arguments[2], System.getenv("SNOWFLAKE_TOKEN"));
    Runtime.getRuntime().addShutdownHook(new Thread(standIn::close, "stop-stand-in"));
    System.out.println(standIn.host());
    new CountDownLatch(1).await();
  }
}
