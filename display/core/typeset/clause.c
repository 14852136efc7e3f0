/* Finds clauses: reads a text once, from stop to stop. */
#include "display/core/typeset/clause.h"

#include "base/utf8.h"
#include "display/core/typeset/words.h"

#include <stdlib.h>
#include <string.h>
#include <uchar.h>

/* How many bytes of the text the word takes; 0: it does not begin with it. */
static size_t begins(const char *text, size_t bytes, const char *word)
{
    size_t length = 0;
    while (word[length] != '\0') {
        if (length == bytes || text[length] != word[length])
            return 0;
        length++;
    }
    return length;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

/* «No. 36» is a number. */
static bool is_numero(const char *text, size_t bytes, size_t length)
{
    size_t at = length;
    if (length != 2 || at >= bytes || text[at] != '.')
        return false;
    at++;
    while (at < bytes && text[at] == ' ')
        at++;
    return at < bytes && text[at] >= '0' && text[at] <= '9';
}

/* In capitals or not, and no part of a longer word. */
static size_t begins_latin(const char *text, size_t bytes, const char *word)
{
    size_t length = 0;
    for (; word[length] != '\0'; length++) {
        if (length == bytes || lower(text[length]) != word[length])
            return 0;
    }
    bool whole = length == bytes || !is_letter(text[length]);
    return whole && !is_numero(text, bytes, length) ? length : 0;
}

/* The longest of the words that the text begins with; 0: none. */
static size_t longest(const char *text, size_t bytes, const char *const *words,
                      size_t (*fits)(const char *text, size_t bytes,
                                     const char *word))
{
    char first = lower(text[0]);
    size_t best = 0;
    for (; *words; words++) {
        size_t length = (*words)[0] == first ? fits(text, bytes, *words) : 0;
        best = length > best ? length : best;
    }
    return best;
}

/* The first characters of the Han words, by the last twelve bits of each. Few
 * characters of a text are among them. */
struct firsts {
    uint64_t bits[64];
};

static void add_firsts(struct firsts *firsts, const char *const *words)
{
    for (; *words; words++)
        firsts->bits[(*words)[1] & 0x3F] |= UINT64_C(1) << ((*words)[2] & 0x3F);
}

static struct firsts find_firsts(void)
{
    struct firsts firsts = {{0}};
    add_firsts(&firsts, words_han_others);
    add_firsts(&firsts, words_han_orders);
    add_firsts(&firsts, words_han_negations);
    return firsts;
}

static bool may_begin(const struct firsts *firsts, const char *text,
                      size_t bytes)
{
    return bytes > 2 && firsts->bits[text[1] & 0x3F] >> (text[2] & 0x3F) & 1;
}

/* The word at `at` that turns the sense of what follows round, the longest;
 * 0: there is none. *skip: bytes that hold no such word (特别). */
static size_t negation_at(const struct firsts *firsts, const char *text,
                          size_t bytes, size_t at, size_t *skip, bool *strong)
{
    bool latin = is_letter(text[at]);
    const char *here = text + at;
    bytes -= at;
    *skip = 0;
    if (latin ? at > 0 && is_letter(text[at - 1])
              : !may_begin(firsts, here, bytes))
        return 0;
    if (!latin)
        *skip = longest(here, bytes, words_han_others, begins);
    if (*skip > 0)
        return 0;
    size_t order = latin
                       ? longest(here, bytes, words_latin_orders, begins_latin)
                       : longest(here, bytes, words_han_orders, begins);
    size_t other = latin ? longest(here, bytes, words_latin_negations,
                                   begins_latin)
                         : longest(here, bytes, words_han_negations, begins);
    *strong = order > other;
    return order > other ? order : other;
}

/* A clause under way. */
struct reader {
    struct firsts firsts;
    const char *text;
    size_t bytes;
    size_t at;      /* what is read next */
    size_t start;   /* of the clause */
    size_t outside; /* up to here a bracket or a quotation goes */
    struct clause_range negation;
    bool strong;    /* the negation is an order */
    bool forbidden; /* an order stands in this sentence */
    bool latin;     /* the negation is no Han */
    struct clauses out;
    size_t room;
};

static uint32_t point_at(const struct reader *reader, size_t at)
{
    const char *from = reader->text + at;
    return at < reader->bytes ? utf8_next(&from) : 0;
}

static size_t behind(const struct reader *reader, size_t at)
{
    const char *from = reader->text + at;
    utf8_next(&from);
    return (size_t)(from - reader->text);
}

static bool is_blank(uint32_t c)
{
    return is_one_of(c, U" \t\n\r\u3000\u00A0\u2028\u2029");
}

static bool is_closing(uint32_t c)
{
    return is_one_of(c, U"）)」』”’》〉】〕］]｝}〗\"'");
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(uint32_t c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static uint32_t closing_of(uint32_t c)
{
    static const char32_t opens[] = U"（(「『“‘《〈【〔［[｛{〖\"";
    static const char32_t closes[] = U"）)」』”’》〉】〕］]｝}〗\"";
    for (size_t i = 0; opens[i] != 0; i++) {
        if (opens[i] == c)
            return closes[i];
    }
    return 0;
}

/* Behind the mark that closes the one at `at`; at: none does in this paragraph,
 * so that it opens nothing. */
static size_t close_of(const struct reader *reader, size_t at)
{
    uint32_t open = point_at(reader, at);
    uint32_t close = closing_of(open);
    int depth = 1;
    for (size_t i = behind(reader, at); i < reader->bytes;
         i = behind(reader, i)) {
        uint32_t c = point_at(reader, i);
        if (c == '\n' || c == 0)
            return at;
        if (c == close && --depth == 0)
            return behind(reader, i);
        depth += c == open;
    }
    return at;
}

static size_t skip_blank(const struct reader *reader, size_t at)
{
    while (at < reader->bytes && is_blank(point_at(reader, at)))
        at = behind(reader, at);
    return at;
}

/* Behind all stops and closing marks that follow: «……！”». A quotation mark of
 * ASCII closes only where one is open. */
static size_t stops_end(const struct reader *reader, size_t end, bool quoted)
{
    for (; end < reader->bytes; end = behind(reader, end)) {
        uint32_t c = point_at(reader, end);
        bool ascii_quote = c == '"' || c == '\'';
        bool closes = is_closing(c) && (quoted || !ascii_quote);
        if (!closes && !is_one_of(c, U"。！？；…!?.，、,;"))
            break;
        quoted = false;
    }
    return end;
}

/* Mr. Wang, No. 36 */
static bool is_abbreviation(const struct reader *reader, size_t dot)
{
    size_t from = dot;
    while (from > reader->start && is_word((uint32_t)reader->text[from - 1]))
        from--;
    size_t length = dot - from;
    for (const char *const *word = words_abbreviations; *word; word++) {
        if (strlen(*word) == length &&
            memcmp(*word, reader->text + from, length) == 0)
            return length > 2 || (*word)[0] != 'N' ||
                   is_digit(point_at(reader, skip_blank(reader, dot + 1)));
    }
    return length == 1 && !is_digit((uint32_t)reader->text[from]);
}

/* A mark of ASCII ends something only before white space, Han or the end:
 * 3.5, 10:30, 1,000, example.org and a?b=c go on. */
static bool ends_latin(const struct reader *reader, size_t at)
{
    uint32_t next = point_at(reader, at + 1);
    uint32_t mark = (uint32_t)reader->text[at];
    bool apart = next == 0 || is_blank(next) || is_closing(next) ||
                 next >= 0x2E80 || is_one_of(next, U"!?.,;…");
    if (!apart || (mark == '.' && is_abbreviation(reader, at)))
        return false;
    uint32_t after = point_at(reader, skip_blank(reader, at + 1));
    return mark != '.' || !(after >= 'a' && after <= 'z');
}

enum { NO_END = -1 };

/* «二、» or «2.» before an entry is no clause of its own. */
static bool is_ordinal(const struct reader *reader, size_t at)
{
    size_t from = reader->start;
    while (from < at &&
           (is_digit(point_at(reader, from)) ||
            is_one_of(point_at(reader, from), U"一二三四五六七八九十")))
        from = behind(reader, from);
    return from == at && at > reader->start;
}

/* What the mark at `at` ends, as far as the mark says. */
static int mark_end(const struct reader *reader, size_t at)
{
    uint32_t c = point_at(reader, at);
    if (is_one_of(c, U"、.") && is_ordinal(reader, at))
        return NO_END;
    if (is_one_of(c, U"。！？；…"))
        return CLAUSE_END_SENTENCE;
    if (is_one_of(c, U"，"))
        return CLAUSE_END_COMMA;
    if (c == U'、')
        return CLAUSE_END_LIST;
    if (is_one_of(c, U".!?;"))
        return ends_latin(reader, at) ? CLAUSE_END_SENTENCE : NO_END;
    if (c == ',')
        return ends_latin(reader, at) ? CLAUSE_END_COMMA : NO_END;
    return NO_END;
}

/* «不要开灯，或打电话»: what follows hangs on what was said. Bytes of the word
 * that says so; 0: there is none. */
static size_t joint_at(const struct reader *reader, size_t at)
{
    for (const char *const *joint = words_joints; *joint; joint++) {
        size_t length = strlen(*joint);
        if (at + length <= reader->bytes &&
            memcmp(reader->text + at, *joint, length) == 0 &&
            !((unsigned char)(*joint)[0] < 0x80 &&
              is_word(point_at(reader, at + length))))
            return length;
    }
    return 0;
}

static bool order_begins(const struct firsts *firsts, const char *text,
                         size_t bytes, size_t at)
{
    size_t skip;
    bool strong = false;
    return at < bytes &&
           negation_at(firsts, text, bytes, at, &skip, &strong) > 0 && strong;
}

/* A prohibition holds for a list: 不要开灯、打电话; in English a list has
 * commas. A Chinese comma may go either way, and is an end if nothing better
 * is. */
static int end_in_scope(const struct reader *reader, int end, size_t next)
{
    bool negated = reader->negation.to > reader->negation.from;
    if (end >= CLAUSE_END_SENTENCE || !(negated || reader->forbidden))
        return end;
    size_t joint = joint_at(reader, next);
    if (order_begins(&reader->firsts, reader->text, reader->bytes,
                     next + joint))
        return end;
    if (end == CLAUSE_END_LIST)
        return negated ? NO_END : end;
    if (!reader->forbidden)
        return end;
    if (reader->latin || joint > 0)
        return NO_END;
    return CLAUSE_END_OPEN;
}

static bool add(struct reader *reader, size_t end, int how)
{
    struct clauses *out = &reader->out;
    if (out->count == reader->room) {
        size_t room = reader->room * 2 + 16;
        struct clause *items = realloc(out->items, room * sizeof *items);
        if (items == NULL)
            return false;
        out->items = items;
        reader->room = room;
    }
    out->items[out->count++] =
        (struct clause){.text = {(uint32_t)reader->start, (uint32_t)end},
                        .negation = reader->negation,
                        .end = (uint8_t)how};
    reader->negation = (struct clause_range){0, 0};
    reader->strong = false;
    if (how >= CLAUSE_END_SENTENCE)
        reader->forbidden = reader->latin = false;
    return true;
}

static void note_negation(struct reader *reader, size_t length, bool strong)
{
    bool first = reader->negation.to == reader->negation.from;
    reader->forbidden = reader->forbidden || strong;
    if (strong)
        reader->latin = (unsigned char)reader->text[reader->at] < 0x80;
    if (!first && (reader->strong || !strong))
        return;
    reader->negation = (struct clause_range){(uint32_t)reader->at,
                                             (uint32_t)(reader->at + length)};
    reader->strong = strong;
}

/* Moves on behind `end`, which closes a clause of that kind. */
static bool close_clause(struct reader *reader, size_t end, int how)
{
    size_t next = skip_blank(reader, end);
    for (size_t i = end; i < next && how >= CLAUSE_END_COMMA; i++) {
        /* Lines of an order end behind its commas. */
        if (reader->text[i] == '\n' && how == CLAUSE_END_SENTENCE)
            how = CLAUSE_END_PARAGRAPH;
    }
    if (next == reader->bytes)
        how = CLAUSE_END_PARAGRAPH;
    else
        how = end_in_scope(reader, how, next);
    reader->at = next;
    if (how == NO_END)
        return true;
    bool good = add(reader, end, how);
    reader->start = next;
    return good;
}

/* White space that parts: a line feed, and a wide space between two things. */
static int blank_end(const struct reader *reader)
{
    bool wide = false;
    for (size_t i = reader->at; i < reader->bytes; i = behind(reader, i)) {
        uint32_t c = point_at(reader, i);
        if (!is_blank(c))
            break;
        if (c == '\n' || c == 0x2028 || c == 0x2029)
            return CLAUSE_END_PARAGRAPH;
        wide = wide || c == 0x3000;
    }
    return wide ? CLAUSE_END_LIST : NO_END;
}

/* 不要⏎涉水: a line that was broken by hand. */
static bool ends_in_negation(const struct reader *reader)
{
    return reader->negation.to > reader->negation.from &&
           reader->negation.to == reader->at;
}

static bool read_blank(struct reader *reader)
{
    int how = blank_end(reader);
    if (how == NO_END || ends_in_negation(reader)) {
        reader->at = skip_blank(reader, reader->at);
        return true;
    }
    return close_clause(reader, reader->at, how);
}

/* «…说：“请走楼梯。”» A stop before the mark that closes ends what is around it
 * too. Returns false without memory. */
static bool close_around(struct reader *reader)
{
    size_t at = reader->at;
    uint32_t c;
    do {
        at--;
        while (((unsigned char)reader->text[at] & 0xC0) == 0x80)
            at--;
        c = point_at(reader, at);
    } while (at > reader->start && is_closing(c));
    if (mark_end(reader, at) != CLAUSE_END_SENTENCE)
        return true;
    return close_clause(reader, stops_end(reader, reader->at, false),
                        CLAUSE_END_SENTENCE);
}

static bool read_outside(struct reader *reader, bool *done)
{
    uint32_t c = point_at(reader, reader->at);
    int how = mark_end(reader, reader->at);
    *done = true;
    if (is_blank(c))
        return read_blank(reader);
    if (how != NO_END)
        return close_clause(
            reader, stops_end(reader, behind(reader, reader->at), false), how);
    if (closing_of(c) != 0)
        reader->outside = close_of(reader, reader->at);
    *done = false;
    return true;
}

static bool read_next(struct reader *reader)
{
    size_t skip;
    bool strong = false;
    if (reader->at >= reader->outside) {
        bool done;
        bool good = read_outside(reader, &done);
        if (!good || done)
            return good;
    }
    size_t word = negation_at(&reader->firsts, reader->text, reader->bytes,
                              reader->at, &skip, &strong);
    if (word > 0)
        note_negation(reader, word, strong);
    reader->at = word + skip > 0 ? reader->at + word + skip
                                 : behind(reader, reader->at);
    return reader->at != reader->outside || close_around(reader);
}

void clauses_finish(struct clauses *clauses)
{
    free(clauses->items);
    free(clauses->negations);
    *clauses = (struct clauses){0};
}

/* 不 alone is an order where a clause begins with it: 不涉水. */
static bool is_order(const char *text, const struct clause *clause, size_t at,
                     bool strong)
{
    return strong || (at == clause->text.from &&
                      strncmp(text + at, "不", strlen("不")) == 0);
}

static size_t character_end(const char *text, size_t at)
{
    do {
        at++;
    } while (((unsigned char)text[at] & 0xC0) == 0x80);
    return at;
}

/* The next negation of the clause at or behind *at. False: there is none. */
static bool next_negation(const struct firsts *firsts, const char *text,
                          const struct clause *clause, size_t *at,
                          struct clause_negation *out)
{
    while (*at < clause->text.to) {
        size_t from = *at, skip = 0, word = 0;
        bool strong = false;
        if (is_letter(text[from]) ||
            may_begin(firsts, text + from, clause->text.to - from))
            word = negation_at(firsts, text, clause->text.to, from, &skip,
                               &strong);
        *at = from + word + skip;
        if (word + skip == 0)
            *at = character_end(text, from);
        if (word == 0)
            continue;
        out->text = (struct clause_range){(uint32_t)from, (uint32_t)*at};
        out->order = is_order(text, clause, from, strong);
        return true;
    }
    return false;
}

/* How many negations the clauses have; writes them to `out` unless it is NULL.
 */
static size_t put_negations(const struct reader *reader,
                            struct clause_negation *out)
{
    size_t count = 0;
    for (size_t i = 0; i < reader->out.count; i++) {
        struct clause *clause = &reader->out.items[i];
        struct clause_negation found;
        size_t at = clause->text.from, from = count;
        while (
            next_negation(&reader->firsts, reader->text, clause, &at, &found)) {
            if (out != NULL)
                out[count] = found;
            count++;
        }
        clause->negations = out == NULL ? NULL : out + from;
        clause->negation_count = count - from;
    }
    return count;
}

static bool gather_negations(struct reader *reader)
{
    size_t count = put_negations(reader, NULL);
    if (count == 0)
        return true;
    reader->out.negations = malloc(count * sizeof *reader->out.negations);
    if (reader->out.negations == NULL)
        return false;
    put_negations(reader, reader->out.negations);
    return true;
}

static bool read_all(struct reader *reader)
{
    reader->at = reader->start = skip_blank(reader, 0);
    while (reader->at < reader->bytes) {
        if (!read_next(reader))
            return false;
    }
    return reader->start == reader->bytes ||
           add(reader, reader->bytes, CLAUSE_END_PARAGRAPH);
}

bool clauses_find(const char *text, size_t bytes, struct clauses *out)
{
    struct reader reader = {
        .firsts = find_firsts(), .text = text, .bytes = bytes};
    if (!read_all(&reader) || !gather_negations(&reader)) {
        clauses_finish(&reader.out);
        return false;
    }
    *out = reader.out;
    return true;
}

struct clause_range clause_repeats(const char *text,
                                   const struct clause *clause, uint32_t at)
{
    const struct firsts firsts = find_firsts();
    if (order_begins(&firsts, text, clause->text.to, at))
        return (struct clause_range){0, 0};
    for (size_t i = 0; i < clause->negation_count; i++) {
        const struct clause_negation *negation = &clause->negations[i];
        if (negation->text.to > at)
            break;
        if (negation->order)
            return negation->text;
    }
    return (struct clause_range){0, 0};
}

/* Whether a negation would stand before `at` without a word that it turns
 * round, or would itself be broken. Each `at` lies behind the one before: *next
 * is the first negation that matters to it. */
static bool parts_negation(const char *text, const struct clause *clause,
                           uint32_t at, size_t *next)
{
    for (; *next < clause->negation_count; ++*next) {
        const struct clause_range *word = &clause->negations[*next].text;
        uint32_t end = word->to;
        while (end < clause->text.to && text[end] == ' ')
            end++;
        if (end >= at)
            return word->from < at;
    }
    return false;
}

static bool is_behind_mark(const char *text, uint32_t at)
{
    static const char *const marks[] = {"，", "、", "；", "。", "：", "！"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t length = strlen(marks[i]);
        if (at >= length && memcmp(text + at - length, marks[i], length) == 0)
            return true;
    }
    return false;
}

uint32_t clause_break(const char *text, const struct clause *clause,
                      const struct line_breaks *breaks, uint32_t from,
                      uint32_t most)
{
    uint32_t start = clause->text.from, stop = 0, word = 0, inside = 0;
    size_t negation = 0;
    for (size_t i = 0; i + 1 < breaks->count; i++) {
        const struct line_break_point *point = &breaks->points[i];
        uint32_t at = start + breaks->points[i + 1].start;
        if (point->after < LINE_BREAK_ALLOWED || at <= from || at > most ||
            parts_negation(text, clause, at, &negation))
            continue;
        inside = at;
        if (point->word_end > LINE_WORD_COMPOUND)
            word = at;
        if (is_behind_mark(text, at))
            stop = at;
    }
    /* Behind a mark, where that is not much earlier. */
    if (stop > 0 && (stop - from) * 2 >= inside - from)
        return stop;
    return word > 0 ? word : inside;
}
