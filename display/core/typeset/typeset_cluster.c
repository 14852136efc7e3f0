/* Sets grapheme clusters. The tables of a face come first: its emoji, its old
 * Hangul syllables, its anchors for marks. Without them a mark is centred on
 * its base by the ink of both. */
#include "display/core/typeset/typeset_cluster.h"

#include "base/utf8.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

enum { KEYCAP = 0x20E3, ZWJ = 0x200D, TEXT_STYLE = 0xFE0E, EMOJI_STYLE };

bool typeset_has_no_ink(uint32_t codepoint)
{
    UChar32 c = (UChar32)codepoint;

    return u_charType(c) == U_CONTROL_CHAR || (c >= 0xFFF9 && c <= 0xFFFB) ||
           u_isUWhiteSpace(c) ||
           u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

bool typeset_is_mark(uint32_t codepoint)
{
    return U_GET_GC_MASK((UChar32)codepoint) & (U_GC_MN_MASK | U_GC_ME_MASK);
}

static bool is_regional(uint32_t codepoint)
{
    return u_hasBinaryProperty((UChar32)codepoint, UCHAR_REGIONAL_INDICATOR);
}

static bool is_pictograph(uint32_t codepoint)
{
    return u_hasBinaryProperty((UChar32)codepoint, UCHAR_EXTENDED_PICTOGRAPHIC);
}

static bool is_skin_tone(uint32_t codepoint)
{
    return u_hasBinaryProperty((UChar32)codepoint, UCHAR_EMOJI_MODIFIER);
}

/* The letters of a flag's region, of Scotland's flag for one. */
static bool is_tag(uint32_t codepoint)
{
    return codepoint >= 0xE0020 && codepoint <= 0xE007F;
}

bool typeset_is_emoji(const uint32_t *points, size_t count)
{
    bool styled = false;

    /* No emoji lies among the ideographs. */
    if (points[0] >= 0x2E80 && points[0] < 0x1F000 && points[0] != 0x3030 &&
        points[0] != 0x303D && points[0] != 0x3297 && points[0] != 0x3299)
        return false;
    if (count == 1)
        return points[0] > 0x2000 &&
               u_hasBinaryProperty((UChar32)points[0],
                                   UCHAR_EMOJI_PRESENTATION);
    if (!u_hasBinaryProperty((UChar32)points[0], UCHAR_EMOJI))
        return false;
    for (size_t i = 1; i < count; i++) {
        if (points[i] == TEXT_STYLE)
            return false;
        styled = styled || points[i] == EMOJI_STYLE || points[i] == ZWJ ||
                 is_skin_tone(points[i]) || is_tag(points[i]) ||
                 is_regional(points[i]);
    }
    return styled ||
           u_hasBinaryProperty((UChar32)points[0], UCHAR_EMOJI_PRESENTATION);
}

static int break_class(uint32_t codepoint)
{
    return u_getIntPropertyValue((UChar32)codepoint,
                                 UCHAR_GRAPHEME_CLUSTER_BREAK);
}

/* The cases of UAX 29 that texts of public signs have. */
static bool joins(const uint32_t *points, size_t count, uint32_t next)
{
    uint32_t last = points[count - 1];

    switch (break_class(next)) {
    case U_GCB_EXTEND:
    case U_GCB_SPACING_MARK:
    case U_GCB_ZWJ:
        return u_charType((UChar32)last) != U_CONTROL_CHAR;
    case U_GCB_REGIONAL_INDICATOR:
        return count == 1 && is_regional(last);
    case U_GCB_V:
    case U_GCB_T:
        return u_getIntPropertyValue((UChar32)last,
                                     UCHAR_HANGUL_SYLLABLE_TYPE) !=
               U_HST_NOT_APPLICABLE;
    default:
        return last == ZWJ && is_pictograph(next) && is_pictograph(points[0]);
    }
}

size_t typeset_cluster_next(const char **text,
                            uint32_t points[TYPESET_CLUSTER_POINTS + 1])
{
    size_t count = 0;
    const char *at = *text;

    for (uint32_t c = utf8_next(&at); c != 0; c = utf8_next(&at)) {
        if (count > 0 && !joins(points, count, c))
            break;
        if (count <= TYPESET_CLUSTER_POINTS)
            points[count++] = c;
        *text = at;
    }
    return count;
}

/* Composes what has marks, never into more points. What has none stays as it
 * is: NFC would exchange compatibility ideographs. Returns how many points
 * there are then. */
static size_t compose(const uint32_t *points, size_t count,
                      uint32_t out[TYPESET_CLUSTER_POINTS])
{
    UChar raw[2 * TYPESET_CLUSTER_POINTS], composed[6 * TYPESET_CLUSTER_POINTS];
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    int32_t units = 0, at = 0;
    size_t made = 0;
    bool marked = false;

    for (size_t i = 0; i < count; i++) {
        U16_APPEND_UNSAFE(raw, units, points[i]); /* two units at most */
        marked = marked || (i > 0 && !typeset_has_no_ink(points[i]));
        out[i] = points[i];
    }
    if (!marked)
        return count;
    int32_t length = unorm2_normalize(
        nfc, raw, units, composed,
        (int32_t)(sizeof composed / sizeof *composed), &status);
    if (U_FAILURE(status))
        return count;
    while (at < length && made < count) {
        UChar32 c;
        U16_NEXT(composed, at, length, c);
        out[made++] = (uint32_t)c;
    }
    if (at == length)
        return made;
    memcpy(out, points, count * sizeof *out); /* a few characters get longer */
    return count;
}

/* A cluster that is being set. Extents are those of ink. */
struct setting {
    const struct type_metrics *metrics;
    enum type_role role;
    int size_px;
    struct typeset_cluster *out;
    type_length base_middle; /* of the base's ink */
    type_length top, bottom; /* of what stands there already */
    type_length left, right; /* of the marks */
};

static struct type_glyph glyph_of(const struct setting *setting, uint32_t c)
{
    struct type_glyph glyph = setting->metrics->glyph(
        setting->metrics->context, setting->role, setting->size_px, c);

    if (glyph.advance < 0 || typeset_is_mark(c))
        glyph.advance = 0;
    return glyph;
}

/* Fonts without a table of ink: as if a glyph filled its advance, and a mark
 * stood over what is to its left. */
static struct type_ink ink_of(const struct setting *setting,
                              const struct type_glyph *glyph)
{
    const type_length em = setting->size_px * TYPE_PIXEL;

    if (setting->metrics->ink)
        return setting->metrics->ink(setting->metrics->context, setting->role,
                                     setting->size_px, glyph->codepoint);
    if (glyph->advance == 0)
        return (struct type_ink){-em / 2, 0, 0, em * 3 / 4};
    return (struct type_ink){0, glyph->advance, 0, em * 3 / 4};
}

static bool add_part(struct setting *setting, const struct type_glyph *glyph,
                     type_length x, type_length rise)
{
    struct typeset_cluster *out = setting->out;

    if (out->count == TYPESET_CLUSTER_PARTS)
        return false;
    out->parts[out->count++] = (struct typeset_part){*glyph, x, rise};
    return true;
}

/* Classes of UAX 44: what stands above or below keeps clear of what is there
 * already; the rest (rings, strokes, hooks) lies where the font has it. */
static type_length rise_of(struct setting *setting, uint32_t c,
                           struct type_ink ink)
{
    const type_length gap = setting->size_px * TYPE_PIXEL / 32;
    uint8_t class = u_getCombiningClass((UChar32)c);
    type_length rise = 0;

    if (class >= 228 && class <= 234 && class != 233) {
        if (ink.bottom < setting->top + gap)
            rise = setting->top + gap - ink.bottom;
        setting->top = ink.top + rise;
    } else if (class == 220 || class == 218 || class == 222 || class == 240) {
        if (ink.top > setting->bottom - gap)
            rise = setting->bottom - gap - ink.top;
        setting->bottom = ink.bottom + rise;
    }
    return rise;
}

static bool add_mark(struct setting *setting, const struct type_glyph *glyph,
                     uint32_t c)
{
    struct type_ink ink = ink_of(setting, glyph);
    type_length x = setting->base_middle - (ink.left + ink.right) / 2;

    if (x + ink.left < setting->left)
        setting->left = x + ink.left;
    if (x + ink.right > setting->right)
        setting->right = x + ink.right;
    return add_part(setting, glyph, x, rise_of(setting, c, ink));
}

/* A mark that stands alone gets half an em to stand on. */
static bool add_base(struct setting *setting, uint32_t c, bool alone)
{
    struct typeset_cluster *out = setting->out;

    if (typeset_has_no_ink(c))
        return true;
    struct type_glyph glyph = glyph_of(setting, c);
    if (typeset_is_mark(c)) {
        out->advance = setting->size_px * TYPE_PIXEL / 2;
        setting->base_middle = out->advance / 2;
        setting->right = out->advance;
        return !glyph.missing && add_mark(setting, &glyph, c);
    }
    out->advance = glyph.advance;
    setting->right = glyph.advance;
    if (alone) /* asking for ink takes time */
        return add_part(setting, &glyph, 0, 0);
    struct type_ink ink = ink_of(setting, &glyph);
    setting->base_middle = ink.right > ink.left ? (ink.left + ink.right) / 2
                                                : glyph.advance / 2;
    setting->top = ink.top;
    setting->bottom = ink.bottom < 0 ? ink.bottom : 0;
    return add_part(setting, &glyph, 0, 0);
}

/* False: only a box can stand for it. */
static bool add_rest(struct setting *setting, const uint32_t *points,
                     size_t count)
{
    struct typeset_cluster *out = setting->out;
    bool joined = false;

    for (size_t i = 1; i < count; i++) {
        uint32_t c = points[i];
        joined = joined ||
                 (c == ZWJ && i + 1 < count && is_pictograph(*points));
        bool left_out = is_tag(c) || is_skin_tone(c) || joined;
        if (left_out)
            out->state = TYPESET_CLUSTER_BASE;
        if (left_out || typeset_has_no_ink(c))
            continue;
        struct type_glyph glyph = glyph_of(setting, c);
        if (glyph.missing && c == KEYCAP) { /* the digit says enough */
            out->state = TYPESET_CLUSTER_BASE;
            continue;
        }
        if (glyph.missing)
            return false;
        if (typeset_is_mark(c) ? !add_mark(setting, &glyph, c)
                               : !add_part(setting, &glyph, out->advance, 0))
            return false;
        if (!typeset_is_mark(c)) {
            out->advance += glyph.advance;
            setting->right += glyph.advance;
        }
    }
    return true;
}

/* The cell is as wide as its widest mark, which may be wider than the base. */
static void widen(struct setting *setting)
{
    struct typeset_cluster *out = setting->out;

    for (size_t i = 0; i < out->count; i++)
        out->parts[i].x -= setting->left;
    out->advance = setting->right - setting->left;
}

enum { SHAPED_MOST = 4 * TYPESET_CLUSTER_PARTS };

/* What a face makes of a cluster. */
struct shaped {
    int face;
    size_t count;
    struct type_shaped glyphs[SHAPED_MOST];
};

/* With the first face that knows `known` and has all of it. False: none, or it
 * lacks something. */
static bool shape(const struct setting *setting, const char *known,
                  const char *script, const uint32_t *points, size_t count,
                  struct shaped *out)
{
    const struct type_metrics *metrics = setting->metrics;
    const struct type_run run = {.points = points,
                                 .point_count = count,
                                 .count = count,
                                 .script = script};
    size_t kept = 0;

    out->face = metrics->script_face(metrics->context, setting->role, known,
                                     points, count);
    if (out->face < 0)
        return false;
    size_t made = metrics->shape(metrics->context, out->face, &run, out->glyphs,
                                 SHAPED_MOST);
    for (size_t i = 0; i < made; i++) {
        const struct type_shaped *glyph = &out->glyphs[i];
        if (glyph->index == 0)
            return false;
        if (glyph->advance != 0 || glyph->top > glyph->bottom)
            out->glyphs[kept++] = *glyph;
    }
    out->count = kept;
    return kept > 0 && kept <= TYPESET_CLUSTER_PARTS;
}

static void put_shaped(struct setting *setting, const struct shaped *shaped)
{
    struct typeset_cluster *out = setting->out;
    int size = setting->size_px;
    int32_t advance = 0;

    for (size_t i = 0; i < shaped->count; i++) {
        const struct type_shaped *from = &shaped->glyphs[i];
        struct type_glyph glyph = {
            .face = shaped->face,
            .codepoint = TYPE_GLYPH_INDEX | from->index,
            .advance = type_from_units(from->advance, size)};
        type_length left = type_from_units(advance + from->left, size);
        type_length right = type_from_units(advance + from->right, size);
        add_part(setting, &glyph, type_from_units(advance + from->x, size),
                 type_from_units(from->y, size));
        /* A letter alone may reach over its own advance. */
        if (i > 0 && left < setting->left)
            setting->left = left;
        if (i > 0 && right > setting->right)
            setting->right = right;
        advance += from->advance;
    }
    out->advance = type_from_units(advance, size);
    if (setting->right < out->advance)
        setting->right = out->advance;
}

/* An emoji is one picture, or its first character stands for it: never several
 * that should be one. */
static bool set_emoji(struct setting *setting, const uint32_t *points,
                      size_t count)
{
    struct shaped shaped;

    if (shape(setting, "Zsye", "Zsye", points, count, &shaped) &&
        shaped.count == 1) {
        put_shaped(setting, &shaped);
        return true;
    }
    if (is_regional(points[0]) || !is_pictograph(points[0]) ||
        !shape(setting, "Zsye", "Zsye", points, 1, &shaped) ||
        shaped.count != 1)
        return false;
    put_shaped(setting, &shaped);
    setting->out->state = TYPESET_CLUSTER_BASE;
    return true;
}

static bool is_hangul(uint32_t codepoint)
{
    return u_getIntPropertyValue((UChar32)codepoint,
                                 UCHAR_HANGUL_SYLLABLE_TYPE) !=
           U_HST_NOT_APPLICABLE;
}

/* All of its marks have a place over, under or in the letter. */
static bool has_plain_marks(const uint32_t *points, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint8_t class = u_getCombiningClass((UChar32)points[i]);
        if (!typeset_has_no_ink(points[i]) &&
            (u_charType((UChar32)points[i]) != U_NON_SPACING_MARK ||
             class == 0))
            return false;
    }
    return u_isalpha((UChar32)points[0]);
}

/* The face of the text may have the letter with its marks as one glyph; else
 * they stand on the anchors of another. */
static bool set_marked(struct setting *setting, const uint32_t *points,
                       size_t count)
{
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode code = uscript_getScript((UChar32)points[0], &status);
    const char *script = uscript_getShortName(code);
    struct shaped shaped;

    if ((code != USCRIPT_LATIN && code != USCRIPT_GREEK) ||
        !has_plain_marks(points, count))
        return false;
    if (!(shape(setting, "Zyyy", script, points, count, &shaped) &&
          shaped.count == 1) &&
        !shape(setting, script, script, points, count, &shaped))
        return false;
    put_shaped(setting, &shaped);
    return true;
}

/* False: no face has tables for it. */
static bool set_shaped(struct setting *setting, const uint32_t *points,
                       size_t count)
{
    struct shaped shaped;

    /* Most characters: ideographs and ASCII. */
    if (count == 1 &&
        (points[0] < 0x2000 || (points[0] >= 0x2E80 && points[0] < 0x1F000)))
        return false;
    if (!setting->metrics->shape || !setting->metrics->script_face)
        return false;
    if (typeset_is_emoji(points, count))
        return set_emoji(setting, points, count);
    if (count == 1)
        return false;
    if (is_hangul(points[0])) {
        if (!shape(setting, "Hang", "Hang", points, count, &shaped))
            return false;
        put_shaped(setting, &shaped);
        return true;
    }
    return set_marked(setting, points, count);
}

static void set_box(int size_px, uint32_t codepoint,
                    struct typeset_cluster *out)
{
    type_length em = size_px * TYPE_PIXEL;
    struct type_glyph box = {
        .codepoint = codepoint, .advance = em, .missing = true};

    *out = (struct typeset_cluster){.parts = {{box, 0, 0}},
                                    .count = 1,
                                    .advance = em,
                                    .state = TYPESET_CLUSTER_BOX};
}

void typeset_cluster_set(const struct type_metrics *metrics,
                         enum type_role role, int size_px,
                         const uint32_t *points, size_t count,
                         struct typeset_cluster *out)
{
    uint32_t composed[TYPESET_CLUSTER_POINTS];
    struct setting setting = {metrics, role, size_px, out, 0, 0, 0, 0, 0};

    *out = (struct typeset_cluster){.count = 0};
    if (count == 0)
        return;
    size_t made = count > TYPESET_CLUSTER_POINTS
                      ? 0
                      : compose(points, count, composed);
    if (made > 0 && set_shaped(&setting, composed, made)) {
        widen(&setting);
        return;
    }
    if (made == 0 || (count > 1 && is_regional(points[0]))) {
        set_box(size_px, points[0], out);
        return;
    }
    if (!add_base(&setting, composed[0], made == 1) ||
        !add_rest(&setting, composed, made)) {
        set_box(size_px, points[0], out);
        return;
    }
    widen(&setting);
    if (out->count > 0 && out->parts[0].glyph.missing)
        out->state = TYPESET_CLUSTER_BOX;
}
