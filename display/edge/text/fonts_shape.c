/* HarfBuzz measures at the em of TYPE_UNITS and without hinting; so does
 * FreeType here, or marks would leave their places. */
#include "display/edge/text/fonts_shape.h"

#include <assert.h>
#include <hb-ot.h>
#include <hb.h>
#include <stdlib.h>
#include <string.h>

#include FT_OUTLINE_H

struct fonts_shaper {
    hb_font_t *font;
    hb_buffer_t *buffer;
    uint32_t *scaled; /* the emoji drawn last */
    size_t scaled_room;
};

static const struct font_file *file_of(struct fonts_face *face)
{
    struct problem problem = {0};

    return font_files_map(face->files, face->source->file, &problem);
}

static hb_font_t *open_font(struct fonts_face *face)
{
    const struct font_file *file = file_of(face);

    if (!file)
        return NULL;
    hb_blob_t *blob = hb_blob_create(file->bytes, (unsigned)file->size,
                                     HB_MEMORY_MODE_READONLY, NULL, NULL);
    hb_face_t *tables = hb_face_create(blob, (unsigned)face->source->index);
    hb_font_t *font = hb_font_create(tables);

    hb_font_set_scale(font, TYPE_UNITS, TYPE_UNITS);
    hb_face_destroy(tables);
    hb_blob_destroy(blob);
    return font;
}

static struct fonts_shaper *shaper_of(struct fonts_face *face)
{
    if (face->shaper)
        return face->shaper;
    struct fonts_shaper *shaper = calloc(1, sizeof *shaper);
    if (!shaper)
        return NULL;
    shaper->font = open_font(face);
    if (!shaper->font) {
        free(shaper);
        return NULL;
    }
    shaper->buffer = hb_buffer_create();
    face->shaper = shaper;
    return shaper;
}

void fonts_shape_close(struct fonts_face *face)
{
    struct fonts_shaper *shaper = face->shaper;

    if (!shaper)
        return;
    free(shaper->scaled);
    hb_buffer_destroy(shaper->buffer);
    hb_font_destroy(shaper->font);
    free(shaper);
    face->shaper = NULL;
}

static bool has_table(hb_face_t *face, hb_tag_t table, hb_script_t script)
{
    hb_tag_t tags[HB_OT_MAX_TAGS_PER_SCRIPT];
    unsigned count = HB_OT_MAX_TAGS_PER_SCRIPT, index;

    hb_ot_tags_from_script_and_language(script, HB_LANGUAGE_INVALID, &count,
                                        tags, NULL, NULL);
    for (unsigned i = 0; i < count; i++) {
        if (hb_ot_layout_table_find_script(face, table, tags[i], &index))
            return true;
    }
    return false;
}

static bool has_anchors(hb_face_t *face, hb_script_t script)
{
    hb_tag_t tags[HB_OT_MAX_TAGS_PER_SCRIPT];
    unsigned count = HB_OT_MAX_TAGS_PER_SCRIPT, index, feature;

    hb_ot_tags_from_script_and_language(script, HB_LANGUAGE_INVALID, &count,
                                        tags, NULL, NULL);
    return hb_ot_layout_table_select_script(face, HB_OT_TAG_GPOS, count, tags,
                                            &index, NULL) &&
           hb_ot_layout_language_find_feature(
               face, HB_OT_TAG_GPOS, index, HB_OT_LAYOUT_DEFAULT_LANGUAGE_INDEX,
               HB_TAG('m', 'a', 'r', 'k'), &feature);
}

bool fonts_shape_knows(struct fonts_face *face, const char *script, bool marked)
{
    struct fonts_shaper *shaper = shaper_of(face);

    if (!shaper)
        return false;
    hb_face_t *tables = hb_font_get_face(shaper->font);
    hb_script_t wanted = hb_script_from_string(script, -1);
    if (strcmp(script, "Zsye") == 0)
        return hb_ot_color_has_png(tables);
    if (strcmp(script, "Latn") == 0 || strcmp(script, "Grek") == 0 ||
        strcmp(script, "Cyrl") == 0)
        return !marked || has_anchors(tables, wanted);
    return has_table(tables, HB_OT_TAG_GSUB, wanted) ||
           has_table(tables, HB_OT_TAG_GPOS, wanted);
}

static bool shape(struct fonts_shaper *shaper, const struct type_run *run)
{
    hb_buffer_t *buffer = shaper->buffer;

    hb_buffer_clear_contents(buffer);
    hb_buffer_add_codepoints(buffer, run->points, (int)run->point_count,
                             (unsigned)run->from, (int)run->count);
    hb_buffer_set_direction(buffer, run->right_to_left ? HB_DIRECTION_RTL
                                                       : HB_DIRECTION_LTR);
    hb_buffer_set_script(buffer, hb_script_from_string(run->script, -1));
    hb_buffer_set_language(buffer, hb_language_from_string("und", -1));
    hb_shape(shaper->font, buffer, NULL, 0);
    return hb_buffer_allocation_successful(buffer);
}

size_t fonts_shape_run(struct fonts_face *face, const struct type_run *run,
                       struct type_shaped *out, size_t most)
{
    struct fonts_shaper *shaper = shaper_of(face);
    unsigned count = 0;

    if (!shaper || !shape(shaper, run))
        return 0;
    const hb_glyph_info_t *infos = hb_buffer_get_glyph_infos(shaper->buffer,
                                                             &count);
    const hb_glyph_position_t *places =
        hb_buffer_get_glyph_positions(shaper->buffer, &count);
    for (unsigned i = 0; i < count && count <= most; i++) {
        if (infos[i].codepoint > UINT16_MAX)
            return 0;
        hb_glyph_extents_t ink = {0};
        hb_font_get_glyph_extents(shaper->font, infos[i].codepoint, &ink);
        out[i] = (struct type_shaped){
            .index = infos[i].codepoint,
            .cluster = infos[i].cluster,
            .advance = places[i].x_advance,
            .x = places[i].x_offset,
            .y = places[i].y_offset,
            .top = places[i].y_offset + ink.y_bearing,
            .bottom = places[i].y_offset + ink.y_bearing + ink.height,
            .left = places[i].x_offset + ink.x_bearing,
            .right = places[i].x_offset + ink.x_bearing + ink.width};
    }
    return count <= most ? count : 0;
}

/* A row or column of a picture that is scaled: which of the source's it covers,
 * and how much of the first and the last. */
struct share {
    int from, to; /* inclusive */
    double first, last;
};

static struct share share_of(int at, int size, int source)
{
    double begin = (double)at * source / size;
    double end = (double)(at + 1) * source / size;
    struct share share = {(int)begin, (int)end, 0, 0};

    if (share.to >= source || share.to >= end)
        share.to = source - 1 < share.to - 1 ? source - 1 : share.to - 1;
    share.first = share.from + 1 < end ? share.from + 1 - begin : end - begin;
    share.last = share.to > share.from ? end - share.to : share.first;
    return share;
}

static double weight(const struct share *share, int i)
{
    return i == share->from ? share->first : i == share->to ? share->last : 1;
}

/* The mean of the pixels that this one covers, each channel for itself. */
static uint32_t mean(const FT_Bitmap *from, const struct share *rows,
                     const struct share *columns)
{
    double sum[4] = {0}, all = 0;
    uint32_t pixel = 0;

    for (int y = rows->from; y <= rows->to; y++) {
        const uint8_t *row = from->buffer + (ptrdiff_t)y * from->pitch;
        for (int x = columns->from; x <= columns->to; x++) {
            double part = weight(rows, y) * weight(columns, x);
            for (int i = 0; i < 4; i++)
                sum[i] += part * row[4 * x + i];
            all += part;
        }
    }
    for (int i = 3; i >= 0; i--) /* FreeType has blue first */
        pixel = pixel << 8 | (uint32_t)(sum[i] / all + 0.5);
    return pixel;
}

static bool reserve(struct fonts_shaper *shaper, size_t pixels)
{
    if (pixels <= shaper->scaled_room)
        return true;
    uint32_t *grown = realloc(shaper->scaled, pixels * sizeof *grown);
    if (!grown)
        return false;
    shaper->scaled = grown;
    shaper->scaled_room = pixels;
    return true;
}

/* Emoji are pictures of one size, which are scaled. */
static bool draw_colour(struct fonts_face *from_face, int size_px,
                        uint32_t index, struct fonts_ink *out)
{
    struct fonts_shaper *shaper = shaper_of(from_face);
    FT_Face face = from_face->font;

    from_face->size_px = 0; /* another size is selected */
    if (!shaper || FT_Select_Size(face, face->num_fixed_sizes - 1) != 0 ||
        FT_Load_Glyph(face, index, FT_LOAD_COLOR) != 0 ||
        face->glyph->bitmap.pixel_mode != FT_PIXEL_MODE_BGRA)
        return false;
    const FT_Bitmap *from = &face->glyph->bitmap;
    double scale = (double)size_px / face->size->metrics.y_ppem;
    int width = (int)(from->width * scale + 0.5);
    int height = (int)(from->rows * scale + 0.5);
    width = width > 0 ? width : 1;
    height = height > 0 ? height : 1;
    if (!from->buffer || !reserve(shaper, (size_t)width * (size_t)height))
        return false;
    for (int y = 0; y < height; y++) {
        struct share rows = share_of(y, height, (int)from->rows);
        for (int x = 0; x < width; x++) {
            struct share columns = share_of(x, width, (int)from->width);
            shaper->scaled[y * width + x] = mean(from, &rows, &columns);
        }
    }
    *out = (struct fonts_ink){
        .pixels = (const uint8_t *)shaper->scaled,
        .colour = true,
        .width = width,
        .height = height,
        .pitch = width * (int)sizeof *shaper->scaled,
        .left_px = (int)(face->glyph->bitmap_left * scale + 0.5),
        .top_px = (int)(face->glyph->bitmap_top * scale + 0.5),
    };
    return true;
}

bool fonts_shape_draw(struct fonts_face *face, int size_px, uint32_t codepoint,
                      struct fonts_ink *out)
{
    uint32_t phase = codepoint >> FONTS_PHASE_SHIFT & (FONTS_PHASES - 1);

    if (FT_HAS_FIXED_SIZES(face->font) && FT_HAS_COLOR(face->font))
        return draw_colour(face, size_px, codepoint & UINT16_MAX, out);
    if (!fonts_face_set_size(face, size_px) ||
        FT_Load_Glyph(face->font, codepoint & UINT16_MAX,
                      FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP) != 0)
        return false;
    FT_GlyphSlot slot = face->font->glyph;
    if (slot->format == FT_GLYPH_FORMAT_OUTLINE)
        FT_Outline_Translate(&slot->outline,
                             (FT_Pos)(phase * TYPE_PIXEL / FONTS_PHASES), 0);
    if (FT_Render_Glyph(slot, FT_RENDER_MODE_NORMAL) != 0)
        return false;
    *out = fonts_ink_of(slot);
    return true;
}
