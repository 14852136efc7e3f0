/* One table of scripts, by ICU's codes. Whoever teaches the program a script
 * takes it out here. */
#include "display/core/validation/shaping.h"

#include <stdbool.h>
#include <stdint.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

/* Beside everything that runs from right to left: Arabic (Uyghur, Kazakh,
 * Kirghiz), Hebrew, Syriac and so on. */
static const UScriptCode scripts[] = {
    USCRIPT_MONGOLIAN, USCRIPT_PHAGS_PA,    USCRIPT_TIBETAN,
    USCRIPT_LANNA,     USCRIPT_NEW_TAI_LUE, USCRIPT_DEVANAGARI,
    USCRIPT_BENGALI,   USCRIPT_GURMUKHI,    USCRIPT_GUJARATI,
    USCRIPT_ORIYA,     USCRIPT_TAMIL,       USCRIPT_TELUGU,
    USCRIPT_KANNADA,   USCRIPT_MALAYALAM,   USCRIPT_SINHALA,
    USCRIPT_THAI,      USCRIPT_LAO,         USCRIPT_KHMER,
    USCRIPT_MYANMAR,   USCRIPT_JAVANESE,    USCRIPT_BALINESE,
    USCRIPT_SUNDANESE, USCRIPT_BUGINESE,    USCRIPT_BATAK,
    USCRIPT_REJANG,    USCRIPT_CHAM,        USCRIPT_TAI_VIET,
    USCRIPT_LEPCHA,    USCRIPT_LIMBU,       USCRIPT_MEITEI_MAYEK,
    USCRIPT_CHAKMA,    USCRIPT_SAURASHTRA,  USCRIPT_SYLOTI_NAGRI,
    USCRIPT_BRAHMI,    USCRIPT_KAITHI,      USCRIPT_SHARADA,
    USCRIPT_GRANTHA,   USCRIPT_NEWA,        USCRIPT_TIRHUTA,
    USCRIPT_MODI,      USCRIPT_TAKRI,       USCRIPT_KHOJKI,
    USCRIPT_MARCHEN,   USCRIPT_SIDDHAM,     USCRIPT_ZANABAZAR_SQUARE,
    USCRIPT_SOYOMBO,   USCRIPT_TAGALOG,     USCRIPT_HANUNOO,
    USCRIPT_BUHID,     USCRIPT_TAGBANWA,
};

static bool needs_shaping(UScriptCode script)
{
    if (uscript_isRightToLeft(script))
        return true;
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        if (scripts[i] == script)
            return true;
    }
    return false;
}

const char *shaping_script_of(const char *text, size_t bytes)
{
    int32_t at = 0, end = (int32_t)bytes;

    while (at < end) {
        UErrorCode status = U_ZERO_ERROR;
        UChar32 c;
        U8_NEXT(text, at, end, c);
        if (c < 0x0590) /* nothing below the first of them */
            continue;
        UScriptCode script = uscript_getScript(c, &status);
        if (U_SUCCESS(status) && needs_shaping(script))
            return uscript_getName(script);
    }
    return NULL;
}
