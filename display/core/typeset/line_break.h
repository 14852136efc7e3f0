/* Where a line may end: UAX #14 as ICU knows it, then the prohibition rules
 * and unbreakable runs of Chinese typesetting (CLREQ). Pure. */
#ifndef GAOSHI_DISPLAY_LINE_BREAK_H
#define GAOSHI_DISPLAY_LINE_BREAK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How good a break after a character is; a higher value is a better break.
 * Levels below LINE_BREAK_RELUCTANT are used only in runs wider than the
 * measure, the highest level that helps first. */
enum line_break {
    LINE_BREAK_INSIDE,     /* within a grapheme or before white space: never */
    LINE_BREAK_PROHIBITED, /* a mark would stand where it must not */
    LINE_BREAK_RESORT,     /* within a number, name, word or code */
    LINE_BREAK_SEPARATOR,  /* after a mark within a number or code */
    LINE_BREAK_UNIT,       /* between a number and its unit */
    LINE_BREAK_PART,       /* at a joint of such a run: after / of an address,
                              after · of a name, after — of a range, after 超 */
    LINE_BREAK_RELUCTANT,  /* within a date, after one of its units */
    LINE_BREAK_ALLOWED,
    LINE_BREAK_MANDATORY, /* after a line feed and at the end of the text */
};

/* How good a title's line may end after a character that ends a word; 0: no
 * word ends there. */
enum line_word_end {
    LINE_WORD_JOINT = 1, /* within a word of data/words/: 防汛|救灾 */
    LINE_WORD_COMPOUND,  /* what follows belongs to it: 生态|建设 */
    LINE_WORD_END,
    LINE_WORD_PHRASE, /* after 的, before 与 */
};

/* One code point of the text. */
struct line_break_point {
    uint32_t codepoint;
    uint32_t start;    /* its first byte */
    uint8_t after;     /* enum line_break */
    bool grapheme_end; /* a user-perceived character ends here */
    uint8_t word_end;  /* enum line_word_end; only when words were asked for */
    uint32_t classes;  /* of line_break_rules.h */
};

struct line_breaks {
    struct line_break_point *points;
    size_t count;
    uint32_t classes; /* of all points together */
};

enum { LINE_BREAKER_KNOWN = 4096 };

/* ICU's iterators, for who has many texts: to open them takes longer than to
 * read most texts; and classes of characters, for which ICU is asked several
 * questions. Zeroed is closed; line_breaker_finish. */
struct line_breaker {
    struct UBreakIterator *iterators[3];
    struct {
        uint32_t codepoint; /* 0: free */
        uint32_t classes;
    } known[LINE_BREAKER_KNOWN]; /* by the codepoint's last bits */
};
void line_breaker_finish(struct line_breaker *breaker);

/* text: UTF-8; ill-formed bytes count as U+FFFD. words is for titles: it also
 * looks words up, in ICU's dictionary and in data/words/, and keeps quotations
 * whole. False without memory (*out untouched). */
bool line_breaks_find(const char *text, size_t bytes, bool words,
                      struct line_breaks *out);
bool line_breaker_find(struct line_breaker *breaker, const char *text,
                       size_t bytes, bool words, struct line_breaks *out);
void line_breaks_finish(struct line_breaks *breaks);

#endif
