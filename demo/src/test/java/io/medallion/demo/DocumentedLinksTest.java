package io.medallion.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.jobs.TestLake;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the pages refer to exists: files, headings, and the classes of tests and commands. */
class DocumentedLinksTest {
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");

  private static final Pattern CODE = Pattern.compile("`[^`\n]*`");

  private static final Pattern CLASS = Pattern.compile("`([A-Z]\\w*(?:Test|Job))`");

  private static final Set<String> NOT_OURS = Set.of("target", "node_modules");

  /** Files of the repository whose name ends so, without what builds leave. */
  private static List<Path> files(String end) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        TestLake.REPOSITORY.toRealPath(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean hidden = name.startsWith(".") && !name.equals(".github");
            return hidden || NOT_OURS.contains(name)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(end)) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(files).isNotEmpty();
    return files;
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Path page : files(".md")) {
      Matcher link = LINK.matcher(prose(page, true));
      while (link.find()) {
        String target = link.group(1);
        if (!target.contains("://") && !target.startsWith("mailto:") && !leads(page, target)) {
          dead.add(TestLake.REPOSITORY.toRealPath().relativize(page) + ": " + target);
        }
      }
    }
    assertThat(dead).as("links that lead nowhere").isEmpty();
  }

  @Test
  void everyTestAndCommandNamedExists() throws IOException {
    Set<String> classes = new HashSet<>();
    files(".java").forEach(file -> classes.add(file.getFileName().toString()));
    List<String> missing = new ArrayList<>();
    for (Path page : files(".md")) {
      // A log of changes names what there was.
      if (page.endsWith("CHANGELOG.md")) {
        continue;
      }
      Matcher named = CLASS.matcher(prose(page, false));
      while (named.find()) {
        if (!classes.contains(named.group(1) + ".java")) {
          missing.add(TestLake.REPOSITORY.toRealPath().relativize(page) + ": " + named.group(1));
        }
      }
    }
    assertThat(missing).as("classes that do not exist").isEmpty();
  }

  private static boolean leads(Path page, String target) throws IOException {
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
    if (!Files.exists(file)) {
      return false;
    }
    return parts.length == 1 || headings(file).contains(parts[1]);
  }

  /** The anchors that a page's headings have where it is shown. */
  private static List<String> headings(Path page) throws IOException {
    return prose(page, false)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(title -> title.replaceAll("[^\\p{L}\\p{N} _-]", "").strip().replace(' ', '-'))
        .toList();
  }

  /** A page without its blocks of code, and without code in its lines where that is asked for. */
  private static String prose(Path page, boolean withoutCode) throws IOException {
    StringBuilder prose = new StringBuilder();
    boolean block = false;
    for (String line : Files.readAllLines(page)) {
      if (line.strip().startsWith("```")) {
        block = !block;
      } else if (!block) {
        prose.append(line).append('\n');
      }
    }
    return withoutCode ? CODE.matcher(prose).replaceAll("code") : prose.toString();
  }
}
