/* Lists of words and characters: data/words/, compiled in, so that safe mode
 * has them without a file. Lists of words end with NULL, sets of characters
 * with 0. Pure. */
#ifndef GAOSHI_DISPLAY_WORDS_H
#define GAOSHI_DISPLAY_WORDS_H

#include <stdbool.h>
#include <stdint.h>
#include <uchar.h>

/* Whether the character is in a set. */
static inline bool is_one_of(uint32_t codepoint, const char32_t *set)
{
    while (*set && *set != codepoint)
        set++;
    return *set;
}

/* data/words/line_break.txt says what each is for. */
extern const char32_t *const words_qualifiers[];
extern const char32_t *const words_multipliers[];
extern const char32_t *const words_units[];
extern const char32_t *const words_western_units[];
extern const char32_t *const words_date_pairs[];
extern const char32_t *const words_code_suffixes[];
extern const char32_t words_unit_nouns[];
extern const char32_t words_time_units[];
extern const char32_t words_time_bounds[];
extern const char32_t words_time_bound_goes_on[];
extern const char32_t words_foreign_names[];
extern const char32_t words_particles[];
extern const char32_t words_suffixes[];
extern const char32_t words_enclitics[];
extern const char32_t words_connectives[];
extern const char32_t *const words_title_words[];
extern const char32_t *const words_title_heads[];
extern const char32_t *const words_title_openers[];

/* data/words/clause.txt; UTF-8. */
extern const char *const words_han_orders[];
extern const char *const words_han_negations[];
extern const char *const words_han_others[];
extern const char *const words_latin_orders[];
extern const char *const words_latin_negations[];
extern const char *const words_joints[];
extern const char *const words_abbreviations[];

#endif
