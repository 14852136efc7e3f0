/* The rules of CLREQ on top of UAX #14: classes of characters, prohibitions at
 * the edges of a line, and what stays whole: codes, names, numbers with their
 * units, times, words. */
#include "display/core/typeset/line_break_rules.h"
#include "display/core/typeset/typeset_shape.h"
#include "display/core/typeset/words.h"

#include <stddef.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

static unsigned by_line_break_property(UChar32 c)
{
    switch (u_getIntPropertyValue(c, UCHAR_LINE_BREAK)) {
    case U_LB_CLOSE_PUNCTUATION:
    case U_LB_CLOSE_PARENTHESIS:
    case U_LB_EXCLAMATION:
    case U_LB_INFIX_NUMERIC:
    case U_LB_NONSTARTER:
    case U_LB_CONDITIONAL_JAPANESE_STARTER:
    case U_LB_POSTFIX_NUMERIC:
    case U_LB_INSEPARABLE:
        return BREAK_NO_START;
    case U_LB_BREAK_SYMBOLS:
        return BREAK_NO_START | BREAK_NO_END;
    case U_LB_OPEN_PUNCTUATION:
        return BREAK_NO_END;
    case U_LB_MANDATORY_BREAK:
    case U_LB_CARRIAGE_RETURN:
    case U_LB_LINE_FEED:
    case U_LB_NEXT_LINE:
        return BREAK_NEWLINE;
    default:
        return 0;
    }
}

static unsigned by_category(UChar32 c)
{
    switch (u_charType(c)) {
    case U_INITIAL_PUNCTUATION:
        return BREAK_OPENING_QUOTE | BREAK_NO_END;
    case U_FINAL_PUNCTUATION:
        return BREAK_CLOSING_QUOTE | BREAK_NO_START;
    case U_CURRENCY_SYMBOL:
        return BREAK_CURRENCY | BREAK_NO_END;
    case U_DECIMAL_DIGIT_NUMBER:
        return BREAK_DIGIT;
    default:
        return 0;
    }
}

static unsigned by_script(UChar32 c)
{
    UErrorCode status = U_ZERO_ERROR;

    if (u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC))
        return BREAK_HAN;
    if (!u_isalpha(c))
        return 0;
    switch (uscript_getScript(c, &status)) {
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_BOPOMOFO:
        return BREAK_HAN;
    case USCRIPT_LATIN:
        return BREAK_LETTER | BREAK_WESTERN;
    default:
        return 0;
    }
}

/* Characters that UAX #14 classes otherwise than Chinese typesetting needs. */
static unsigned by_custom(uint32_t codepoint)
{
    unsigned classes = 0;

    if (is_one_of(codepoint, U"·‧•・∙･"))
        classes |= BREAK_INTERPUNCT | BREAK_NO_START;
    if (is_one_of(codepoint, U"—–―‒～〜~⸺⸻﹣－"))
        classes |= BREAK_DASH | BREAK_NO_START;
    if (codepoint == '-' || codepoint == 0x2010 || codepoint == 0x2011)
        classes |= BREAK_DASH;
    if (is_one_of(codepoint, U"／⁄∕＼"))
        classes |= BREAK_NO_START | BREAK_NO_END;
    if (is_one_of(codepoint, U"№±−＃"))
        classes |= BREAK_NO_END;
    if (is_one_of(codepoint, U"∶⋯…‥℃℉°％%‰′″㎡㎜㎝㎞㎏"))
        classes |= BREAK_NO_START;
    return classes;
}

static bool is_wide(UChar32 c)
{
    int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);

    return width == U_EA_WIDE || width == U_EA_FULLWIDTH;
}

static bool begins_one_of(uint32_t codepoint, const char32_t *const *words)
{
    while (*words && (*words)[0] != codepoint)
        words++;
    return *words;
}

static unsigned by_words(uint32_t codepoint)
{
    static const struct {
        unsigned class;
        const char32_t *const *words;
    } begins[] = {{BREAK_WORD, words_title_words},
                  {BREAK_HEAD, words_title_heads},
                  {BREAK_OPENER, words_title_openers}};
    static const struct {
        unsigned class;
        const char32_t *set;
    } sets[] = {{BREAK_SUFFIX, words_suffixes},
                {BREAK_PARTICLE, words_particles},
                {BREAK_ENCLITIC, words_enclitics},
                {BREAK_CONNECTIVE, words_connectives}};
    unsigned classes = 0;

    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        if (begins_one_of(codepoint, begins[i].words))
            classes |= begins[i].class;
    }
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        if (is_one_of(codepoint, sets[i].set))
            classes |= sets[i].class;
    }
    return classes;
}

unsigned break_class_of(uint32_t codepoint)
{
    UChar32 c = (UChar32)codepoint;
    unsigned classes = by_line_break_property(c) | by_category(c) |
                       by_script(c) | by_custom(codepoint);

    if (classes & BREAK_NEWLINE)
        return BREAK_NEWLINE;
    if (codepoint == '\t' || codepoint == 0x3000 ||
        (u_charType(c) == U_SPACE_SEPARATOR && codepoint != 0x00A0 &&
         codepoint != 0x2007 && codepoint != 0x202F))
        return BREAK_SPACE;
    if (codepoint > 0x20 && codepoint < 0x7F)
        classes |= BREAK_WESTERN;
    if (u_ispunct(c) && is_wide(c))
        classes |= BREAK_WIDE_MARK;
    if (typeset_script_is_shaped(codepoint))
        classes |= BREAK_SCRIPT;
    return classes | by_words(codepoint);
}

enum {
    NAME_PART_MAX = 8,         /* characters of a transliterated name */
    LETTERS_BEFORE_HYPHEN = 3, /* where it may end a line */
    LETTERS_BEHIND_HYPHEN = 2,
};

static void break_lower(struct break_cell *cell, enum line_break level)
{
    if (cell->after != LINE_BREAK_MANDATORY && cell->after > level)
        cell->after = (uint8_t)level;
}

static void break_joint(struct break_cell *cell, enum line_break level)
{
    if (cell->after == LINE_BREAK_RESORT)
        cell->after = (uint8_t)level;
    else if (cell->after > LINE_BREAK_PART)
        break_lower(cell, level);
}

static bool is_chinese(const struct break_cell *cell)
{
    return cell->classes & (BREAK_HAN | BREAK_WIDE_MARK | BREAK_DASH |
                            BREAK_OPENING_QUOTE | BREAK_CLOSING_QUOTE);
}

/* UAX #14 cannot tell Chinese quotation marks from Western ones and forbids a
 * break on both of their sides. ICU's Chinese rules allow it for “ ” but not
 * for ‘ ’, which may be an apostrophe. Here a break on the outer side is
 * allowed where Chinese characters stand beside the mark. */
void break_rule_quotes(struct break_cells cells)
{
    for (size_t i = 0; i + 1 < cells.count; i++) {
        struct break_cell *left = &cells.at[i];
        const struct break_cell *right = &cells.at[i + 1];
        bool opens = right->classes & BREAK_OPENING_QUOTE &&
                     (is_chinese(left) ||
                      (i + 2 < cells.count && is_chinese(&cells.at[i + 2])));
        bool closes = left->classes & BREAK_CLOSING_QUOTE &&
                      (is_chinese(right) ||
                       (i > 0 && is_chinese(&cells.at[i - 1])));
        if ((opens || closes) && left->after == LINE_BREAK_RESORT)
            left->after = LINE_BREAK_ALLOWED;
    }
}

/* A minus may begin a line, a hyphen between words may not. */
static bool may_not_start(struct break_cells cells, size_t i, bool after_space)
{
    const struct break_cell *cell = &cells.at[i];
    bool last = i + 1 >= cells.count;

    if (cell->codepoint == '-' || cell->codepoint == 0x2010)
        return last || (cells.at[i + 1].classes & BREAK_SPACE);
    if (cell->codepoint == '.' && after_space && !last)
        return !(cells.at[i + 1].classes & (BREAK_DIGIT | BREAK_LETTER));
    return cell->classes & BREAK_NO_START;
}

/* ￥ waits for its digits, unless they stood before it. */
static bool may_not_end(struct break_cells cells, size_t i)
{
    unsigned classes = cells.at[i].classes;

    if (classes & BREAK_CURRENCY && i > 0 &&
        cells.at[i - 1].classes & BREAK_DIGIT)
        return false;
    return classes & BREAK_NO_END;
}

/* White space between two marks does not allow a break there. */
void break_rule_prohibitions(struct break_cells cells)
{
    size_t solid = 0; /* the last cell that is not white space */
    bool any = false;

    for (size_t i = 0; i + 1 < cells.count; i++) {
        const struct break_cell *next = &cells.at[i + 1];
        bool space = cells.at[i].classes & BREAK_SPACE;
        if (cells.at[i].classes & BREAK_NEWLINE)
            any = false;
        else if (!space) {
            solid = i;
            any = true;
        }
        if (next->classes & (BREAK_SPACE | BREAK_NEWLINE))
            break_lower(&cells.at[i], LINE_BREAK_INSIDE);
        else if ((any && may_not_end(cells, solid)) ||
                 may_not_start(cells, i + 1, space))
            break_lower(&cells.at[i], LINE_BREAK_PROHIBITED);
    }
}

static bool is_address_joint(uint32_t codepoint)
{
    switch (codepoint) {
    case '/':
    case '?':
    case '&':
    case '=':
    case '-':
    case '.':
    case '_':
    case '#':
    case '@':
        return true;
    default:
        return false;
    }
}

static bool has_letters(struct break_cells cells, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (!(cells.at[i].classes & BREAK_LETTER))
            return false;
    }
    return true;
}

/* state-of-the-art, but not x-ray. */
static bool is_word_hyphen(struct break_cells cells, size_t i, size_t from,
                           size_t to)
{
    return cells.at[i].codepoint == '-' && i >= from + LETTERS_BEFORE_HYPHEN &&
           i + LETTERS_BEHIND_HYPHEN < to &&
           has_letters(cells, i - LETTERS_BEFORE_HYPHEN, i) &&
           has_letters(cells, i + 1, i + 1 + LETTERS_BEHIND_HYPHEN);
}

/* An address has :// or @ or begins with www. */
static bool is_address(struct break_cells cells, size_t from, size_t to)
{
    for (size_t i = from; i + 1 < to; i++) {
        uint32_t c = cells.at[i].codepoint;
        uint32_t next = cells.at[i + 1].codepoint;
        if ((c == '@' && i > from) || (c == '/' && next == '/'))
            return true;
        if (i == from + 3 && c == '.' && cells.at[from].codepoint == 'w')
            return true;
    }
    return false;
}

/* Whether a line may well begin with the cell, inside an address or code. */
static bool starts_part(const struct break_cell *cell)
{
    return !(cell->classes & BREAK_NO_START) &&
           !is_address_joint(cell->codepoint);
}

/* A dot at the end of a line would read as a full stop: the dot of an address
 * begins the next one. */
static bool parts_before_dot(struct break_cells cells, size_t i, size_t from,
                             size_t to)
{
    return i > from && i + 2 < to && cells.at[i + 1].codepoint == '.' &&
           cells.at[i].classes & (BREAK_LETTER | BREAK_DIGIT);
}

static void keep_code(struct break_cells cells, size_t from, size_t to)
{
    bool address = is_address(cells, from, to);

    for (size_t i = from; i + 1 < to; i++) {
        struct break_cell *cell = &cells.at[i];
        bool dot = address && cell->codepoint == '.';
        bool joint = is_address_joint(cell->codepoint) && i > from && !dot &&
                     starts_part(&cells.at[i + 1]);
        if (!address && is_word_hyphen(cells, i, from, to))
            continue;
        break_lower(cell, LINE_BREAK_RESORT);
        if (joint && address)
            cell->after = LINE_BREAK_PART;
        else if (joint && cell->codepoint != '/')
            break_joint(cell, LINE_BREAK_SEPARATOR);
        if (address && cells.at[i + 1].codepoint == '/')
            cell->after = LINE_BREAK_RESORT;
        if (address && parts_before_dot(cells, i, from, to))
            cell->after = LINE_BREAK_PART;
    }
    /* A break after the last slash of an address is good. */
    if (address && cells.at[to - 1].codepoint == '/' && to < cells.count &&
        cells.at[to].classes & BREAK_HAN)
        cells.at[to - 1].after = LINE_BREAK_ALLOWED;
}

void break_rule_codes(struct break_cells cells)
{
    size_t from = 0;

    while (from < cells.count) {
        size_t to = from;
        while (to < cells.count && cells.at[to].classes & BREAK_WESTERN)
            to++;
        if (to > from + 1)
            keep_code(cells, from, to);
        from = to + 1;
    }
}

/* The characters that names from other languages are written with. */
static bool is_in_foreign_name(const struct break_cell *cell)
{
    return is_one_of(cell->codepoint, words_foreign_names);
}

/* Lowers the breaks of a name's part that touches the interpunct at i: two
 * characters in any case, more if such names are written with them. */
static void keep_name_part(struct break_cells cells, size_t i, int step)
{
    size_t at = i + (size_t)step;

    for (int n = 1; n < NAME_PART_MAX; n++) {
        size_t next = at + (size_t)step;
        if (next >= cells.count || !(cells.at[next].classes & BREAK_HAN))
            return;
        if (!is_in_foreign_name(&cells.at[next]) &&
            (n > 1 || cells.at[next].classes & BREAK_PARTICLE))
            return;
        break_lower(&cells.at[step > 0 ? at : next], LINE_BREAK_RESORT);
        at = next;
    }
}

void break_rule_names(struct break_cells cells)
{
    for (size_t i = 1; i + 1 < cells.count; i++) {
        const struct break_cell *left = &cells.at[i - 1];
        const struct break_cell *right = &cells.at[i + 1];
        if (!(cells.at[i].classes & BREAK_INTERPUNCT) ||
            !(left->classes & right->classes & BREAK_HAN))
            continue;
        bool name = is_in_foreign_name(left) && is_in_foreign_name(right);
        break_lower(&cells.at[i],
                    name ? LINE_BREAK_PART : LINE_BREAK_RELUCTANT);
        if (!name)
            continue;
        keep_name_part(cells, i, -1);
        keep_name_part(cells, i, 1);
    }
}

enum {
    GROUP_MAX = 4,   /* characters in brackets that stay whole: （周六） */
    SINGLES_MAX = 4, /* characters of a word that no dictionary knows */
    QUOTATION_MAX = 24, /* of a quotation in a title */
    UNIT_MAX = 5,       /* characters of a unit before a solidus */
    TAIL_MAX = 6, /* multipliers and units behind one number: 万 亿 元 */
    CODE_MAX = 5, /* letters of A 座, G107 国道 */
    QUALIFIERS_MAX = 3, /* 第约近 before one number */
};

/* How many cells from i on spell one of the words; the longest wins. */
static size_t match_word(struct break_cells cells, size_t i,
                         const char32_t *const *words)
{
    size_t best = 0;

    for (; *words; words++) {
        const char32_t *c = *words;
        size_t at = i;
        while (*c && at < cells.count && cells.at[at].codepoint == *c) {
            at++;
            c++;
        }
        if (!*c && at - i > best)
            best = at - i;
    }
    return best;
}

static bool is_space(const struct break_cell *cell)
{
    return cell->classes & BREAK_SPACE || cell->codepoint == 0x00A0;
}

/* The next cell that is no white space, at or after i. */
static size_t skip_spaces(struct break_cells cells, size_t i)
{
    while (i < cells.count && is_space(&cells.at[i]))
        i++;
    return i;
}

/* Forbids every break between the cells from and to (both stay whole). */
static void keep(struct break_cells cells, size_t from, size_t to,
                 enum line_break level)
{
    for (size_t i = from; i < to; i++)
        break_lower(&cells.at[i], level);
}

static bool is_digit(struct break_cells cells, size_t i)
{
    return i < cells.count && cells.at[i].classes & BREAK_DIGIT;
}

static bool is_alphanumeric(struct break_cells cells, size_t i)
{
    return i < cells.count &&
           cells.at[i].classes & (BREAK_DIGIT | BREAK_LETTER);
}

/* What may stand between the digits of one number, time, range or phone. */
static bool is_separator(const struct break_cell *cell)
{
    return is_one_of(cell->codepoint, U".,:：/／∶·．'−×°′") ||
           cell->classes & BREAK_DASH;
}

/* A dash with white space on both sides is still one of a range; -5 behind
 * white space is a number of its own. */
static bool joins_range(struct break_cells cells, size_t end, size_t dash)
{
    if (!(cells.at[dash].classes & BREAK_DASH))
        return false;
    return dash == end ||
           (dash + 1 < cells.count && is_space(&cells.at[dash + 1]));
}

/* The end of digits and letters with separators between digits. */
static size_t find_value_end(struct break_cells cells, size_t i)
{
    for (;;) {
        while (is_alphanumeric(cells, i))
            i++;
        size_t mark = skip_spaces(cells, i);
        if (mark >= cells.count || !is_separator(&cells.at[mark]))
            return i;
        size_t next = skip_spaces(cells, mark + 1);
        bool tight = mark == i && next == mark + 1;
        if (!is_digit(cells, next) || (!tight && !joins_range(cells, i, mark)))
            return i;
        i = next;
    }
}

static void keep_value(struct break_cells cells, size_t from, size_t to)
{
    for (size_t i = from; i + 1 < to; i++) {
        bool dash = cells.at[i].classes & BREAK_DASH;
        bool hyphen = cells.at[i].codepoint == '-';
        if (is_separator(&cells.at[i]))
            break_joint(&cells.at[i], dash && !hyphen ? LINE_BREAK_PART
                                                      : LINE_BREAK_SEPARATOR);
        else
            break_lower(&cells.at[i], LINE_BREAK_RESORT);
        if (dash)
            keep(cells, i + 1, skip_spaces(cells, i + 1), LINE_BREAK_PART);
    }
}

/* The cell before i that is no white space; cells.count if there is none. */
static size_t solid_before(struct break_cells cells, size_t i)
{
    while (i > 0) {
        i--;
        if (!is_space(&cells.at[i]))
            return i;
    }
    return cells.count;
}

static bool is_sign(uint32_t codepoint)
{
    return is_one_of(codepoint, U"+-＋－−±≤≥<>＜＞≈～~#＃№$￥¥€£＄§");
}

/* The first cell of the qualifier that ends at last; last + 1 if none. */
static size_t find_qualifier(struct break_cells cells, size_t last)
{
    for (size_t length = 2; length >= 1; length--) {
        if (last + 1 >= length &&
            match_word(cells, last + 1 - length, words_qualifiers) == length)
            return last + 1 - length;
    }
    return last + 1;
}

static void keep_prefix(struct break_cells cells, size_t from)
{
    size_t last = solid_before(cells, from);

    if (last < cells.count && is_sign(cells.at[last].codepoint)) {
        bool dash = cells.at[last].classes & BREAK_DASH;
        keep(cells, last, from, dash ? LINE_BREAK_PART : LINE_BREAK_RESORT);
        from = last;
    }
    for (int n = 0; n < QUALIFIERS_MAX; n++) {
        last = solid_before(cells, from);
        if (last >= cells.count)
            return;
        size_t first = find_qualifier(cells, last);
        if (first > last)
            return;
        keep(cells, first, last, LINE_BREAK_RESORT);
        keep(cells, last, from, LINE_BREAK_PART);
        from = first;
    }
}

/* Latin units must be the whole word: 5 m, not 5 metres. */
static size_t match_unit(struct break_cells cells, size_t i)
{
    size_t western = match_word(cells, i, words_western_units);

    if (western > 0 && !is_alphanumeric(cells, i + western))
        return western;
    return match_word(cells, i, words_units);
}

/* 128 号院, 2022 年度: where that is too wide, the break goes between 号 and
 * 院. */
static void keep_unit(struct break_cells cells, size_t digits, size_t unit,
                      size_t length)
{
    bool noun = is_one_of(cells.at[unit].codepoint, words_unit_nouns);

    keep(cells, digits, unit, LINE_BREAK_UNIT);
    keep(cells, unit, unit + length - 1,
         noun ? LINE_BREAK_PART : LINE_BREAK_RESORT);
}

/* Keeps multipliers, 余 and the unit with the number that ends before
 * end. Returns the end of it all; *unit is the cell of the unit, if any. */
static size_t keep_tail(struct break_cells cells, size_t end, size_t *unit)
{
    *unit = cells.count;
    for (int n = 0; n < TAIL_MAX; n++) {
        size_t at = skip_spaces(cells, end);
        size_t length = match_unit(cells, at);
        bool last = length > 0;
        if (!last)
            length = match_word(cells, at, words_multipliers);
        if (length == 0)
            break;
        keep_unit(cells, end - 1, at, length);
        if (n > 0) /* 1200 多|万|元: the digits hold their 多 fastest */
            cells.at[at - 1].after = LINE_BREAK_PART;
        end = at + length;
        if (last) {
            *unit = at;
            break;
        }
    }
    return end;
}

static bool is_date_pair(uint32_t first, uint32_t second)
{
    for (const char32_t *const *pair = words_date_pairs; *pair; pair++) {
        if ((*pair)[0] == first && (*pair)[1] == second)
            return true;
    }
    return false;
}

/* 3℃～5℃, 20 日—25 日: the dash of a range between two units. */
static void keep_range(struct break_cells cells, size_t end)
{
    size_t dash = skip_spaces(cells, end);

    if (dash >= cells.count || !joins_range(cells, end, dash))
        return;
    size_t next = skip_spaces(cells, dash + 1);
    if (next < cells.count && cells.at[next].codepoint == '-')
        next++;
    if (!is_digit(cells, next))
        return;
    keep(cells, end - 1, dash, LINE_BREAK_RESORT);
    keep(cells, dash, next, LINE_BREAK_PART);
}

/* The number before this one. */
struct number_scan {
    size_t end;    /* behind its unit */
    uint32_t unit; /* first character of its unit; 0: none */
};

static size_t keep_number(struct break_cells cells, size_t from,
                          struct number_scan *before)
{
    size_t value_end = find_value_end(cells, from);
    size_t unit;

    keep_value(cells, from, value_end);
    keep_prefix(cells, from);
    size_t end = keep_tail(cells, value_end, &unit);
    keep_range(cells, end);
    uint32_t name = unit < cells.count ? cells.at[unit].codepoint : 0;
    if (before->unit && skip_spaces(cells, before->end) == from &&
        is_date_pair(before->unit, name))
        keep(cells, before->end - 1, from, LINE_BREAK_RELUCTANT);
    *before = (struct number_scan){.end = end, .unit = name};
    return end;
}

/* GB 18030, ISO 9001: capitals with the number behind them. */
static void keep_code_number(struct break_cells cells, size_t from, size_t end)
{
    size_t at = skip_spaces(cells, end);

    for (size_t i = from; i < end; i++) {
        uint32_t c = cells.at[i].codepoint;
        if ((c < 'A' || c > 'Z') && c != '/')
            return;
    }
    if (end - from <= CODE_MAX && at > end && is_digit(cells, at))
        keep(cells, end, at, LINE_BREAK_PART);
}

/* A 座, Ⅳ 级: a short code of letters with its noun. */
static size_t keep_code_suffix(struct break_cells cells, size_t from)
{
    size_t end = from + 1;

    while (is_alphanumeric(cells, end) ||
           (end < cells.count && cells.at[end].codepoint == '/'))
        end++;
    keep_code_number(cells, from, end);
    size_t at = skip_spaces(cells, end);
    size_t length = match_word(cells, at, words_code_suffixes);
    if (end - from <= CODE_MAX && length > 0)
        keep_unit(cells, end - 1, at, length);
    return end;
}

static bool is_roman_numeral(uint32_t codepoint)
{
    return codepoint >= 0x2160 && codepoint <= 0x217F;
}

void break_rule_numbers(struct break_cells cells)
{
    struct number_scan before = {0};

    for (size_t i = 0; i < cells.count;) {
        if (is_digit(cells, i))
            i = keep_number(cells, i, &before);
        else if (is_alphanumeric(cells, i) ||
                 is_roman_numeral(cells.at[i].codepoint))
            i = keep_code_suffix(cells, i);
        else
            i++;
    }
}

static bool is_han(const struct line_break_point *point)
{
    return point->classes & BREAK_HAN;
}

/* ICU's dictionary leaves words that it does not know as single characters
 * (积水, 内涝, 顺沟). Single characters in a row, SINGLES_MAX at most, are
 * taken for one word, unless one is a particle. A suffix goes with the word
 * before it. */
static void join_single_characters(struct line_breaks breaks)
{
    struct line_break_point *points = breaks.points;
    size_t singles = 0; /* of the word before */

    for (size_t i = 0; i < breaks.count; i++) {
        bool begins = i == 0 || points[i - 1].word_end;
        bool suffix = points[i].classes & BREAK_SUFFIX;
        bool word = begins && points[i].word_end && is_han(&points[i]) &&
                    !(points[i].classes & BREAK_PARTICLE);
        bool joins = i > 0 && word && is_han(&points[i - 1]) &&
                     (suffix || (singles > 0 && singles < SINGLES_MAX));
        if (joins)
            points[i - 1].word_end = 0;
        if (!word || suffix)
            singles = 0;
        else
            singles = joins ? singles + 1 : 1;
    }
}

/* How many characters from i on, up to `end`, spell one of the words; the
 * longest wins. */
static size_t spells(struct line_breaks breaks, size_t i, size_t end,
                     const char32_t *const *words)
{
    const struct line_break_point *points = breaks.points;
    size_t best = 0;

    for (; *words; words++) {
        size_t length = 0;
        while ((*words)[length] && i + length < end &&
               points[i + length].codepoint == (*words)[length])
            length++;
        if (!(*words)[length] && length > best)
            best = length;
    }
    return best;
}

/* Words of data/words/ that the dictionary divides or does not know. */
static void join_known_words(struct line_breaks breaks)
{
    struct line_break_point *points = breaks.points;

    for (size_t i = 0; i < breaks.count; i++) {
        size_t length = points[i].classes & BREAK_WORD
                            ? spells(breaks, i, breaks.count, words_title_words)
                            : 0;
        if (length == 0)
            continue;
        if (i > 0)
            points[i - 1].word_end = LINE_WORD_END;
        for (size_t k = i; k + 1 < i + length; k++)
            points[k].word_end = points[k].word_end ? LINE_WORD_JOINT : 0;
        points[i + length - 1].word_end = LINE_WORD_END;
        i += length - 1;
    }
}

/* The words from … to − 1 and to … end − 1 stand side by side. closed: the
 * first of them closes a compound. */
static enum line_word_end rank_end(struct line_breaks breaks, size_t from,
                                   size_t to, size_t end, bool *closed)
{
    const struct line_break_point *first = &breaks.points[from];
    const struct line_break_point *last = &breaks.points[to - 1];
    const struct line_break_point *next = &breaks.points[to];
    bool head = !*closed && next->classes & BREAK_HEAD &&
                spells(breaks, to, end, words_title_heads) == end - to;

    *closed = false;
    /* 防|中暑, 与|疫情防控: one character holds what follows it. */
    if (to == from + 1)
        return LINE_WORD_COMPOUND;
    if (last->classes & BREAK_ENCLITIC ||
        (end == to + 1 && next->classes & BREAK_CONNECTIVE))
        return LINE_WORD_PHRASE;
    *closed = head;
    if (head || (first->classes & BREAK_OPENER &&
                 spells(breaks, from, to, words_title_openers) == to - from))
        return LINE_WORD_COMPOUND;
    return LINE_WORD_END;
}

static size_t find_word_end(struct line_breaks breaks, size_t from)
{
    while (from + 1 < breaks.count &&
           breaks.points[from].word_end < LINE_WORD_COMPOUND)
        from++;
    return from + 1;
}

/* 的 begins no line, whatever it stands behind. */
static void join_enclitics(struct line_breaks breaks)
{
    struct line_break_point *points = breaks.points;

    for (size_t i = 1; i < breaks.count; i++) {
        bool word = points[i - 1].word_end && points[i].word_end;
        if (!word || !(points[i].classes & BREAK_ENCLITIC) ||
            points[i - 1].after == LINE_BREAK_MANDATORY)
            continue;
        points[i - 1].word_end = 0;
        if (points[i - 1].after > LINE_BREAK_RELUCTANT)
            points[i - 1].after = LINE_BREAK_RELUCTANT;
    }
}

void break_rule_words(struct line_breaks breaks)
{
    bool closed = false;

    join_single_characters(breaks);
    join_known_words(breaks);
    join_enclitics(breaks);
    for (size_t from = 0; from < breaks.count;) {
        size_t to = find_word_end(breaks, from);
        if (to < breaks.count && is_han(&breaks.points[to - 1]) &&
            is_han(&breaks.points[to]))
            breaks.points[to - 1].word_end = (uint8_t)rank_end(
                breaks, from, to, find_word_end(breaks, to), &closed);
        from = to;
    }
}

/* The length of the unit that ends before the cell `end`; 0: there is none. */
static size_t unit_before(struct break_cells cells, size_t end)
{
    for (size_t length = UNIT_MAX; length > 0; length--) {
        if (length <= end && match_unit(cells, end - length) == length)
            return length;
    }
    return 0;
}

static bool is_solidus(uint32_t codepoint)
{
    return is_one_of(codepoint, U"/／∕⁄");
}

/* 元/㎡·天: a solidus between two units, and what follows them. */
void break_rule_solidus(struct break_cells cells)
{
    for (size_t i = 1; i + 1 < cells.count; i++) {
        if (!is_solidus(cells.at[i].codepoint))
            continue;
        size_t before = unit_before(cells, i);
        size_t end = i;
        while (before > 0 && end + 1 < cells.count &&
               (is_solidus(cells.at[end].codepoint) ||
                cells.at[end].classes & BREAK_INTERPUNCT)) {
            size_t length = match_unit(cells, end + 1);
            if (length == 0)
                break;
            end += 1 + length;
        }
        if (end == i)
            continue;
        keep(cells, i - before, i, LINE_BREAK_RESORT);
        keep(cells, i, end - 1, LINE_BREAK_PART);
        i = end - 1;
    }
}

/* The closing mark of a bracket or quotation; 0: it opens none. */
static uint32_t closes(uint32_t codepoint)
{
    static const char32_t pairs[][2] = {
        {U'（', U'）'}, {U'“', U'”'},   {U'《', U'》'}, {U'‘', U'’'},
        {U'「', U'」'}, {U'『', U'』'}, {U'【', U'】'}, {U'〔', U'〕'},
        {U'［', U'］'}, {U'〈', U'〉'}, {U'(', U')'},   {U'[', U']'},
    };

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (pairs[i][0] == codepoint)
            return pairs[i][1];
    }
    return 0;
}

/* The mark that closes what opens at i, with at most so many characters
 * between them; 0: there is none. */
static size_t find_close(struct break_cells cells, size_t i, size_t most)
{
    uint32_t close = closes(cells.at[i].codepoint);
    size_t inside = 0;

    for (size_t at = i + 1; close && at < cells.count && inside <= most; at++) {
        if (cells.at[at].codepoint == close)
            return at;
        if (cells.at[at].classes & BREAK_NEWLINE)
            return 0;
        inside += !is_space(&cells.at[at]);
    }
    return 0;
}

void break_rule_groups(struct break_cells cells, bool title)
{
    for (size_t i = 0; i < cells.count; i++) {
        bool bracket = is_one_of(cells.at[i].codepoint, U"（(〔［[【");
        size_t most = title && !bracket ? QUOTATION_MAX : GROUP_MAX;
        size_t close = find_close(cells, i, most);
        if (close > 0)
            keep(cells, i, close,
                 bracket ? LINE_BREAK_PART : LINE_BREAK_RELUCTANT);
    }
}

/* A number, or a number with a unit of time, ends there. */
static bool ends_time(struct break_cells cells, size_t i)
{
    for (int n = 0; n < 2 && i < cells.count &&
                    is_one_of(cells.at[i].codepoint, words_time_units);
         n++)
        i = solid_before(cells, i);
    return i < cells.count && cells.at[i].classes & BREAK_DIGIT;
}

/* 20:30 前, 3 小时内, 5 日起; but 20:30 前往. */
void break_rule_times(struct break_cells cells)
{
    for (size_t i = 1; i < cells.count; i++) {
        bool bound = is_one_of(cells.at[i].codepoint, words_time_bounds);
        bool longer = i + 1 < cells.count &&
                      is_one_of(cells.at[i + 1].codepoint,
                                words_time_bound_goes_on);
        size_t last = solid_before(cells, i);
        if (!bound || longer || !ends_time(cells, last))
            continue;
        for (size_t at = last; at < i; at++)
            break_lower(&cells.at[at], LINE_BREAK_PART);
    }
}
