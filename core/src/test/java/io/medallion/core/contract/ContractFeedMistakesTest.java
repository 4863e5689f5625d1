package io.medallion.core.contract;

import static io.medallion.core.contract.OrdersContract.assertMistakes;
import static io.medallion.core.contract.OrdersContract.edited;
import static io.medallion.core.contract.OrdersContract.mistake;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes in feeds, date patterns, encodings, header aliases and other custom properties. */
class ContractFeedMistakesTest {

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            "a reserved feed",
            "name: orders_export",
            "name: manifest",
            "59:20: `manifest` is reserved for a table of Medallion's own",
            "choose another name for a feed"),
        mistake(
            "a second feed of one name",
            "name: orders_export",
            "name: orders",
            "59:20: a second feed is named `orders`, after line 54",
            "give one of them another name"),
        mistake(
            "an unknown custom property",
            "property: groupingSeparator",
            "property: groupSeparator",
            "35:24: customProperties of a column has no key `groupSeparator`",
            "write `groupingSeparator`, or remove it"),
        mistake(
            "a custom property that stands twice",
            "property: rounding, value: HALF_UP",
            "property: groupingSeparator, value: ' '",
            "36:24: the custom property `groupingSeparator` stands here a second time",
            "keep one of the two"),
        mistake(
            "a custom property without a value",
            "{property: rounding, value: HALF_UP}",
            "{property: rounding}",
            "36:13: a custom property has no `value`",
            "add `value: …`"),
        mistake(
            "a bad grouping separator",
            "value: \",\"}",
            "value: \".\"}",
            "35:50: '.' cannot group digits",
            "write one character that no number has otherwise, such as \",\""),
        mistake(
            "a grouping separator of no number",
            "      - name: paid\n        logicalType: boolean",
            "      - name: paid\n        logicalType: boolean\n        customProperties:"
                + " [{property: groupingSeparator, value: \",\"}]",
            "41:65: `groupingSeparator` is for numbers, not for boolean",
            "remove it"),
        mistake(
            "an unknown rounding",
            "HALF_UP",
            "HALFUP",
            "36:41: the rounding `HALFUP` is not known",
            "write `HALF_UP`"),
        mistake(
            "a rounding of no decimal",
            "        logicalType: integer",
            "        logicalType: integer\n        customProperties: [{property: rounding, value:"
                + " UP}]",
            "39:56: `rounding` is for numbers, not for integer",
            "remove it"),
        mistake(
            "a bad date pattern",
            "value: [dd.MM.yyyy]",
            "value: [dd.MM.bbbb]",
            "29:42: `dd.MM.bbbb` is no date pattern: Unknown pattern letter: b",
            "write a pattern such as dd-MM-yyyy"),
        mistake(
            "a date pattern without a year",
            "value: [dd.MM.yyyy]",
            "value: [dd.MM.]",
            "29:42: `dd.MM.` does not determine a year, a month and a day",
            "write a pattern such as dd-MM-yyyy"),
        mistake(
            "a date pattern with an hour",
            "value: [dd.MM.yyyy]",
            "value: [dd.MM.yyyy HH]",
            "29:42: `dd.MM.yyyy HH` asks for more than a date holds",
            "write a pattern such as dd-MM-yyyy"),
        mistake(
            "ambiguous date patterns",
            "datePatterns: [yyyy-MM-dd]",
            "datePatterns: [M/d/yyyy, yyyy-MM-dd, d/M/yyyy]",
            "58:50: `M/d/yyyy` and `d/M/yyyy` are ambiguous: '1/2/2001' means two different dates",
            "keep one of them, or give them to two feeds"),
        mistake(
            "ambiguous date patterns of a column",
            "value: [dd.MM.yyyy]",
            "value: [dd.MM.yyyy, MM.dd.yyyy]",
            "29:54: `dd.MM.yyyy` and `MM.dd.yyyy` are ambiguous: '02.01.2001' means two"
                + " different dates",
            "keep one of them, or give them to two feeds"),
        mistake(
            "a date pattern named twice",
            "value: [dd.MM.yyyy]",
            "value: [dd.MM.yyyy, dd.MM.yyyy]",
            "29:54: the pattern is named twice",
            "remove one of the two"),
        mistake(
            "a timestamp pattern without a time",
            "datePatterns: [yyyy-MM-dd]",
            "timestampPatterns: [yyyy-MM-dd]",
            "58:33: `yyyy-MM-dd` does not determine a day and an hour",
            "write a pattern such as yyyy-MM-dd'T'HH:mm:ss"),
        mistake(
            "patterns of no date",
            "        logicalType: integer",
            "        logicalType: integer\n        customProperties: [{property: patterns, value:"
                + " [yyyy]}]",
            "39:39: `patterns` are for dates and timestamps, not for integer",
            "remove them"),
        mistake(
            "patterns beside a format",
            "minimum: 2010-01-01,",
            "minimum: 2010-01-01, format: yyyyMMdd,",
            "29:24: the column has `patterns` and a `format`",
            "move the format to `patterns`"),
        mistake(
            "an unknown encoding",
            "ISO-8859-15",
            "latin-15",
            "57:32: the encoding `latin-15` is not known",
            "write an IANA name such as UTF-8 or windows-1252"),
        mistake(
            "an encoding without ASCII",
            "ISO-8859-15",
            "UTF-16",
            "57:32: `UTF-16` is neither UTF-8 nor a single-byte encoding that contains ASCII",
            "convert such files to UTF-8 before they are landed"),
        mistake(
            "an encoding of several bytes",
            "ISO-8859-15",
            "Shift_JIS",
            "57:32: `Shift_JIS` is neither UTF-8 nor a single-byte encoding that contains ASCII",
            "convert such files to UTF-8 before they are landed"),
        mistake(
            "two single-byte encodings",
            "ISO-8859-15",
            "ISO-8859-15, windows-1252",
            "57:45: `ISO-8859-15` and `windows-1252` cannot be told apart",
            "keep one single-byte encoding, or declare a feed for each"),
        mistake(
            "an encoding named twice",
            "[UTF-8, ISO-8859-15]",
            "[UTF-8, utf8]",
            "57:32: `utf8` is named twice",
            "remove one of the two"),
        mistake(
            "UTF-8 after a single-byte encoding",
            "[UTF-8, ISO-8859-15]",
            "[ISO-8859-15, UTF-8]",
            "57:38: UTF-8 is never tried after `ISO-8859-15`, which can decode anything",
            "name UTF-8 first"),
        mistake(
            "a delimiter of two characters",
            "delimiter: \";\"",
            "delimiter: \"||\"",
            "56:24: '||' cannot separate fields",
            "write one ASCII character such as \",\", \";\", \"|\" or \"\\t\""),
        mistake(
            "an unknown format of a feed",
            "format: csv}",
            "format: json}",
            "59:43: the format `json` is not known",
            "write `csv`"),
        mistake(
            "a sequence column that does not exist",
            "value: [changed]",
            "value: [changd]",
            "51:38: the sequence column `changd` does not exist",
            "write `changed`"),
        mistake(
            "a sequence column named twice",
            "value: [changed]",
            "value: [changed, changed]",
            "51:47: a second sequence column is named `changed`, after line 51",
            "give one of them another name"),
        mistake(
            "two columns of one header",
            "value: [Order Day]",
            "value: [Order Day, 'PAID?']",
            "39:15: the header 'paid' would be `day` as well as `paid`",
            "keep it with one of the two columns"),
        mistake(
            "a custom property that is text",
            "      - {property: sequence, value: [changed]}",
            "      - sequence",
            "51:9: a custom property must be a mapping, but this is the text 'sequence'",
            "write it as `key: value` lines"),
        mistake(
            "no feed",
            "      - property: feeds\n        value:\n          - name: orders\n            format:"
                + " csv\n            delimiter: \";\"\n            encodings: [UTF-8, ISO-8859-15]\n       "
                + "     datePatterns: [yyyy-MM-dd]\n          - {name: orders_export, format: csv}\n",
            "",
            "7:5: customProperties of a schema object has no `feeds`",
            "add `feeds: …`"),
        mistake(
            "a feed without a name",
            "name: orders_export, ",
            "",
            "59:13: a feed has no `name`",
            "add `name: …`"),
        mistake(
            "an unknown key of a feed",
            "name: orders_export, ",
            "name: orders_export, encoding: UTF-8, ",
            "59:35: a feed has no key `encoding`",
            "write `encodings`, or remove it"),
        mistake(
            "an alias without letters",
            "value: [Order Day]",
            "value: ['-']",
            "28:41: the alias '-' has neither letter nor digit",
            "remove it"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void reportsWithPlaceCauseAndFix(
      String what, String correct, String wrong, List<String> expected) {
    assertMistakes(edited(correct, wrong), expected);
  }
}
