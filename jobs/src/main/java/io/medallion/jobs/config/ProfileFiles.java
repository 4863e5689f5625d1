package io.medallion.jobs.config;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.NearestName;
import io.medallion.core.yaml.Mistakes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Where profiles are: in {@code profiles} of the configuration's folder, or any file. */
final class ProfileFiles {
  private static final String SUFFIX = ".yaml";

  /** Embedded in the application, for machines that have nothing else. */
  private static final List<String> EMBEDDED = List.of("aws", "local", "test");

  private final List<Path> folders;

  private ProfileFiles(List<Path> folders) {
    this.folders = folders;
  }

  /**
   * The profiles that can be chosen by name.
   *
   * @param config the folder of the configuration, where one was named
   */
  static ProfileFiles of(Optional<String> config) {
    List<Path> folders = new ArrayList<>();
    config.ifPresent(folder -> folders.add(Path.of(folder, "profiles")));
    for (String base : List.of(".", System.getProperty("medallion.root", "."))) {
      folders.add(Path.of(base, "conf", "profiles").normalize());
    }
    return new ProfileFiles(folders);
  }

  /**
   * Reads a profile, and notes all that is wrong with it.
   *
   * @param chosen a name, or a path that ends in {@code .yaml}
   * @param place the option or variable that chose it
   * @throws ConfigurationException where there is no such profile
   */
  Profile read(String chosen, String place, Mistakes mistakes) {
    if (chosen.endsWith(SUFFIX)) {
      Path file = Path.of(chosen);
      if (!Files.isRegularFile(file)) {
        throw new ConfigurationException(
            new Mistake(place + " " + chosen, "there is no such file", "name an existing profile"));
      }
      return parse(file, mistakes);
    }
    for (Path folder : folders) {
      Path file = folder.resolve(chosen + SUFFIX);
      if (Files.isRegularFile(file)) {
        return parse(file, mistakes);
      }
    }
    if (EMBEDDED.contains(chosen)) {
      return embedded(chosen, mistakes);
    }
    throw new ConfigurationException(
        new Mistake(
            place + " " + chosen,
            "there is no profile of that name",
            NearestName.fix(chosen, names(), "name a file that ends in " + SUFFIX)));
  }

  private TreeSet<String> names() {
    TreeSet<String> names = new TreeSet<>(EMBEDDED);
    for (Path folder : folders) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(SUFFIX))
              .forEach(name -> names.add(name.substring(0, name.length() - SUFFIX.length())));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return names;
  }

  private static Profile parse(Path file, Mistakes mistakes) {
    try {
      return Profile.parse(file.toString(), Files.readAllBytes(file), mistakes);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static Profile embedded(String name, Mistakes mistakes) {
    String resource = "/medallion/conf/profiles/" + name + SUFFIX;
    try (InputStream in = ProfileFiles.class.getResourceAsStream(resource)) {
      return Profile.parse("embedded profile " + name, in.readAllBytes(), mistakes);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }
}
