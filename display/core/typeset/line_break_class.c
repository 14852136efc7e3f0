/* The class table of line breaking: what CLREQ says of each character, from
 * its Unicode properties and a few characters that these get wrong. */
#include "display/core/typeset/line_break_rules.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

static bool is_one_of(uint32_t codepoint, const char32_t *set)
{
    for (; *set; set++) {
        if (*set == codepoint)
            return true;
    }
    return false;
}

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

/* What UAX #14 classes otherwise than Chinese typesetting does. */
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
    return classes;
}
