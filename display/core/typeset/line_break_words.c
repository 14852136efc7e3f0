/* Words of Chinese, where the dictionary leaves off; and the words that bound a
 * time. */
#include "display/core/typeset/line_break_rules.h"

static bool is_one_of(uint32_t codepoint, const char32_t *set)
{
    for (; *set; set++) {
        if (*set == codepoint)
            return true;
    }
    return false;
}

/* Words of one character that stand for themselves. */
static bool is_particle(uint32_t codepoint)
{
    return is_one_of(codepoint,
                     U"的和与及或在从到至往向由自于请将被把对为以用按"
                     U"而且并但也都就再先是有等各每该此");
}

/* Nouns that end a word: 低洼处 施工区 二七区 居民们. */
static bool is_suffix(uint32_t codepoint)
{
    return is_one_of(codepoint, U"处区省市县镇乡村街路站者们性");
}

static bool is_han(const struct line_break_point *point)
{
    return break_class_of(point->codepoint) & BREAK_HAN;
}

/* The dictionary knows words of a language as it is written in books: what it
 * does not know it leaves as single characters (积水, 内涝, 顺沟). Two of them
 * beside each other are taken for one word, unless one is a particle; a suffix
 * goes with the word before it. */
void break_rule_words(struct line_breaks breaks)
{
    struct line_break_point *points = breaks.points;
    bool single_before = false; /* the character before is a word */

    for (size_t i = 0; i < breaks.count; i++) {
        bool begins = i == 0 || points[i - 1].word_end;
        bool single = begins && points[i].word_end && is_han(&points[i]);
        bool word = single && !is_particle(points[i].codepoint);
        if (i > 0 && word && is_han(&points[i - 1]) &&
            (single_before || is_suffix(points[i].codepoint)))
            points[i - 1].word_end = false;
        single_before = word && !is_suffix(points[i].codepoint);
    }
}

static size_t solid_before(struct break_cells cells, size_t i)
{
    while (i > 0 && cells.at[i - 1].classes & BREAK_SPACE)
        i--;
    return i > 0 ? i - 1 : cells.count;
}

/* A number, or a number with a unit of time, ends there. */
static bool ends_time(struct break_cells cells, size_t i)
{
    for (int n = 0; n < 2 && i < cells.count &&
                    is_one_of(cells.at[i].codepoint, U"年月日号天周时点分秒小");
         n++)
        i = solid_before(cells, i);
    return i < cells.count && cells.at[i].classes & BREAK_DIGIT;
}

/* 20:30 前, 3 小时内, 5 日起; but 20:30 前往. */
void break_rule_times(struct break_cells cells)
{
    for (size_t i = 1; i < cells.count; i++) {
        bool bound = is_one_of(cells.at[i].codepoint, U"前后内起止");
        bool longer = i + 1 < cells.count &&
                      is_one_of(cells.at[i + 1].codepoint,
                                U"往来进方面后退部容外立到");
        size_t last = solid_before(cells, i);
        if (!bound || longer || !ends_time(cells, last))
            continue;
        for (size_t at = last; at < i; at++)
            break_lower(&cells.at[at], LINE_BREAK_PART);
    }
}
