package io.medallion.jobs.config;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Contracts;
import io.medallion.core.sql.SqlAnalyser;
import io.medallion.gold.star.Stars;
import io.medallion.warehouse.StarViews;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The contracts, stars and views of a run.
 *
 * <p>They are read from the folder that {@code --config} names; else from {@code conf} in the
 * working directory or beside the launcher (system property {@code medallion.root}); else the ones
 * embedded in the application are used.
 */
public record Configuration(Contracts contracts, Stars stars, StarViews views) {

  public static Configuration read(Optional<String> folder) {
    return read(folder, SqlAnalyser.SPARK);
  }

  /** As above, with SQL expressions taken as they are written: for commands that compute none. */
  public static Configuration readToLook(Optional<String> folder) {
    return read(folder, SqlAnalyser.NONE);
  }

  private static Configuration read(Optional<String> folder, SqlAnalyser analyser) {
    if (folder.isPresent()) {
      Path path = Path.of(folder.get());
      if (!Files.isDirectory(path.resolve("contracts"))) {
        throw new ConfigurationException(
            new Mistake(
                "--config " + path,
                "there is no folder " + path.resolve("contracts"),
                "name a folder that holds contracts/*.odcs.yaml and stars/*.yaml"));
      }
      return from(path, analyser);
    }
    for (String base : List.of(".", System.getProperty("medallion.root", "."))) {
      Path conf = Path.of(base, "conf");
      if (Files.isDirectory(conf.resolve("contracts"))) {
        return from(conf, analyser);
      }
    }
    return embedded(folderInJar -> from(folderInJar, analyser));
  }

  private static Configuration from(Path folder, SqlAnalyser analyser) {
    Contracts contracts = Contracts.read(folder.resolve("contracts"), analyser);
    Stars stars = Stars.read(folder.resolve("stars"), contracts, analyser);
    return new Configuration(contracts, stars, StarViews.read(folder.resolve("views"), stars));
  }

  private static <T> T embedded(Function<Path, T> reader) {
    URL url = Configuration.class.getResource("/medallion/conf");
    try {
      URI uri = url.toURI();
      if (!uri.getScheme().equals("jar")) {
        return reader.apply(Path.of(uri));
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return reader.apply(jar.getPath("/medallion/conf"));
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The contract of a feed. */
  public Contract contractOfFeed(String feed) {
    return contracts.byFeed(feed);
  }
}
