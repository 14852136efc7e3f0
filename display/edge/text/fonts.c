/* Uses the chain of fonts: answers the core's questions about glyphs, and gives
 * the renderer their pictures from the atlas, drawn when first needed. */
#include "display/edge/text/fonts.h"

#include "base/log.h"
#include "base/translate.h"
#include "display/edge/text/fonts_atlas.h"
#include "display/edge/text/fonts_builtin.h"
#include "display/edge/text/fonts_face.h"
#include "display/edge/text/fonts_shape.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>

enum {
    /* Characters whose face and advance are cached, in one table for each role.
     * When a table is full, it is emptied. */
    FONTS_KNOWN_MAX = 16 * 1024,
};

struct known {
    uint32_t codepoint; /* 0: free; NUL is never looked up */
    int face;           /* FONTS_FACE_BOX: missing */
    int advance;        /* in FONTS_UNITS */
};

struct fonts {
    FT_Library library;
    struct fonts_chain chain;
    struct font_files files;
    struct fonts_face faces[FONTS_FACES];
    struct fonts_measures measures[TYPE_ROLE_COUNT];
    struct known *known[TYPE_ROLE_COUNT]; /* 2 × FONTS_KNOWN_MAX entries each */
    size_t known_count[TYPE_ROLE_COUNT];
    struct fonts_atlas atlas;
    size_t drawn;  /* pictures drawn since the start */
    size_t rested; /* of them before the last fonts_rest */
    struct type_metrics metrics;
};

/* Format characters, variation selectors, joiners, controls: invisible and
 * without width. A font that lacks them has no defect. */
static bool is_invisible(uint32_t codepoint)
{
    UChar32 c = (UChar32)codepoint;

    return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
           (U_GET_GC_MASK(c) & (U_GC_CC_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK));
}

static bool is_combining(uint32_t codepoint)
{
    return (U_GET_GC_MASK((UChar32)codepoint) &
            (U_GC_MN_MASK | U_GC_ME_MASK)) != 0;
}

static void tell_refused(struct problem *problem)
{
    snprintf(problem->consequence, sizeof problem->consequence,
             "its characters come from the next face of the chain");
    log_problem(LOG_WARNING, "fonts", problem);
}

/* False: not installed or refused. A refusal is logged once and remembered. */
static bool open_face(struct fonts *fonts, int face)
{
    struct problem problem = {0};
    struct fonts_face *opened = &fonts->faces[face];

    if (opened->font)
        return true;
    if (opened->refused || !opened->source->installed)
        return false;
    if (fonts_face_open(opened, &problem))
        return true;
    tell_refused(&problem);
    return false;
}

static int find_face(struct fonts *fonts, enum type_role role,
                     uint32_t codepoint)
{
    const struct fonts_role *list = &fonts->chain.roles[role];

    for (int i = 0; i < list->count; i++) {
        if (open_face(fonts, list->faces[i]) &&
            fonts_face_has(&fonts->faces[list->faces[i]], codepoint))
            return list->faces[i];
    }
    return FONTS_FACE_BOX;
}

/* The built-in glyph for a character that no font has. */
static struct known look_up_builtin(uint32_t codepoint)
{
    struct fonts_builtin glyph;

    if (!fonts_builtin_find(codepoint, &glyph))
        return (struct known){codepoint, FONTS_FACE_BOX, FONTS_UNITS};
    return (struct known){codepoint, FONTS_FACE_BUILTIN,
                          glyph.half ? FONTS_UNITS / 2 : FONTS_UNITS};
}

static struct known look_up(struct fonts *fonts, enum type_role role,
                            uint32_t codepoint)
{
    int ems = fonts_dash_ems(codepoint);
    uint32_t drawn = ems > 0 ? FONTS_DASH : codepoint;
    struct known known = {codepoint, find_face(fonts, role, drawn), 0};

    if (known.face == FONTS_FACE_BOX)
        return look_up_builtin(codepoint);
    if (ems > 0)
        known.advance = ems * FONTS_UNITS;
    else if (!is_combining(codepoint))
        known.advance = fonts_face_advance(&fonts->faces[known.face],
                                           codepoint);
    return known;
}

/* The entry of the code point in the role's table, or the free one for it. */
static struct known *known_slot(struct fonts *fonts, enum type_role role,
                                uint32_t codepoint)
{
    const uint32_t mask = 2 * FONTS_KNOWN_MAX - 1;
    uint32_t at = (codepoint * 2654435761u >> 12) & mask;

    while (fonts->known[role][at].codepoint &&
           fonts->known[role][at].codepoint != codepoint)
        at = (at + 1) & mask;
    return &fonts->known[role][at];
}

static struct known know(struct fonts *fonts, enum type_role role,
                         uint32_t codepoint)
{
    struct known *slot = known_slot(fonts, role, codepoint);

    if (slot->codepoint)
        return *slot;
    if (fonts->known_count[role] == FONTS_KNOWN_MAX) {
        memset(fonts->known[role], 0, 2 * FONTS_KNOWN_MAX * sizeof *slot);
        fonts->known_count[role] = 0;
        slot = known_slot(fonts, role, codepoint);
    }
    *slot = look_up(fonts, role, codepoint);
    fonts->known_count[role]++;
    return *slot;
}

static type_length scale(int units, int size_px)
{
    int64_t scaled = (int64_t)units * size_px * TYPE_PIXEL;

    return (type_length)((scaled + FONTS_UNITS / 2) / FONTS_UNITS);
}

static struct type_glyph metrics_glyph(void *context, enum type_role role,
                                       int size_px, uint32_t codepoint)
{
    struct fonts *fonts = context;
    struct type_glyph glyph = {.face = fonts->chain.roles[role].faces[0],
                               .codepoint = codepoint};

    if (codepoint == 0 || is_invisible(codepoint))
        return glyph;
    struct known known = know(fonts, role, codepoint);
    glyph.face = known.face;
    glyph.advance = scale(known.advance, size_px);
    glyph.missing = known.face == FONTS_FACE_BOX;
    return glyph;
}

static struct type_ink metrics_ink(void *context, enum type_role role,
                                   int size_px, uint32_t codepoint)
{
    if (codepoint == 0 || is_invisible(codepoint))
        return (struct type_ink){0};
    struct fonts *fonts = context;
    struct known known = know(fonts, role, codepoint);
    struct fonts_glyph glyph = {.right = known.advance,
                                .top = FONTS_UNITS * 3 / 4};
    if (known.face >= 0 && fonts_dash_ems(codepoint) == 0)
        glyph = fonts_face_glyph(&fonts->faces[known.face], codepoint);
    return (struct type_ink){
        .left = scale(glyph.left, size_px),
        .right = scale(glyph.right, size_px),
        .bottom = scale(glyph.bottom, size_px),
        .top = scale(glyph.top, size_px),
    };
}

static int scale_up(int units, int size_px)
{
    return (units * size_px + FONTS_UNITS - 1) / FONTS_UNITS;
}

static struct type_line metrics_line(void *context, enum type_role role,
                                     int size_px)
{
    const struct fonts *fonts = context;
    const struct fonts_measures *measures = &fonts->measures[role];

    return (struct type_line){
        .ascent_px = scale_up(measures->ascent, size_px),
        .descent_px = scale_up(measures->descent, size_px),
        .cap_height_px = scale(measures->cap_height, size_px) / TYPE_PIXEL,
    };
}

static bool has_all(const struct fonts_face *face, const uint32_t *points,
                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_invisible(points[i]) && !fonts_face_has(face, points[i]))
            return false;
    }
    return true;
}

static int look_in(struct fonts *fonts, const int *faces, int count,
                   const char *script, const uint32_t *points,
                   size_t point_count)
{
    bool marked = false;

    for (size_t i = 0; i < point_count; i++)
        marked = marked || is_combining(points[i]);
    for (int i = 0; i < count; i++) {
        if (open_face(fonts, faces[i]) &&
            has_all(&fonts->faces[faces[i]], points, point_count) &&
            fonts_shape_knows(&fonts->faces[faces[i]], script, marked))
            return faces[i];
    }
    return -1;
}

/* The face of the Chinese text first, then those for scripts, then the rest. */
static int metrics_script_face(void *context, enum type_role role,
                               const char *script, const uint32_t *points,
                               size_t count)
{
    struct fonts *fonts = context;
    const struct fonts_role *text = &fonts->chain.roles[role];
    const struct fonts_role *scripts = &fonts->chain.scripts[role];
    int face = look_in(fonts, text->faces, text->count > 0, script, points,
                       count);

    if (face < 0)
        face = look_in(fonts, scripts->faces, scripts->count, script, points,
                       count);
    if (face < 0 && text->count > 1)
        face = look_in(fonts, text->faces + 1, text->count - 1, script, points,
                       count);
    return face;
}

static size_t metrics_shape(void *context, int face, const struct type_run *run,
                            struct type_shaped *out, size_t most)
{
    struct fonts *fonts = context;

    return fonts_shape_run(&fonts->faces[face], run, out, most);
}

/* picture->colour is set before. */
static uint8_t *reserve(struct fonts *fonts, struct font_picture *picture,
                        int width, int height)
{
    picture->width = width;
    picture->height = height;
    picture->stride = picture->colour ? width * 4 : (width + 3) / 4 * 4;
    uint8_t *pixels = fonts_atlas_alloc(&fonts->atlas, (size_t)picture->stride *
                                                           (size_t)height);
    if (pixels)
        memset(pixels, 0, (size_t)picture->stride * (size_t)height);
    picture->pixels = pixels;
    return pixels;
}

/* An empty upright frame as high as a capital: nobody takes it for a character,
 * and everybody sees that one is missing. */
static bool draw_box(struct fonts *fonts, int size_px, struct font_picture *out)
{
    int side = size_px * 13 / 16 > 0 ? size_px * 13 / 16 : 1;
    int stroke = size_px / 14 > 0 ? size_px / 14 : 1;
    uint8_t *pixels = reserve(fonts, out, side, side);

    if (!pixels)
        return false;
    out->left_px = (size_px - side) / 2;
    out->top_px = side - size_px / 16;
    for (int y = 0; y < side; y++) {
        bool edge = y < stroke || y >= side - stroke;
        uint8_t *row = pixels + (size_t)y * (size_t)out->stride;
        if (edge) {
            memset(row, 255, (size_t)side);
            continue;
        }
        memset(row, 255, (size_t)(stroke < side ? stroke : side));
        memset(row + side - stroke, 255, (size_t)stroke);
    }
    return true;
}

/* Points become rectangles of whole pixels. */
static bool draw_builtin(struct fonts *fonts, struct fonts_key key,
                         struct font_picture *out)
{
    struct fonts_builtin glyph;
    int size = key.size_px;

    if (!fonts_builtin_find(key.codepoint, &glyph))
        return draw_box(fonts, size, out);
    int width = glyph.half ? (size + 1) / 2 : size;
    uint8_t *pixels = reserve(fonts, out, width, size);
    if (!pixels)
        return false;
    out->top_px = size * FONTS_BUILTIN_ASCENT / FONTS_BUILTIN_ROWS;
    for (int y = 0; y < size; y++) {
        unsigned row = glyph.rows[y * FONTS_BUILTIN_ROWS / size];
        uint8_t *to = pixels + (size_t)y * (size_t)out->stride;
        for (int x = 0; x < width; x++) {
            int column = x * FONTS_BUILTIN_ROWS / size;
            to[x] = row >> (FONTS_BUILTIN_ROWS - 1 - column) & 1 ? 255 : 0;
        }
    }
    return true;
}

static bool keep_ink(struct fonts *fonts, const struct fonts_ink *ink,
                     struct font_picture *out)
{
    if (!ink->pixels)
        return true;
    out->colour = ink->colour;
    uint8_t *pixels = reserve(fonts, out, ink->width, ink->height);
    for (int y = 0; pixels && y < ink->height; y++)
        memcpy(pixels + (size_t)y * (size_t)out->stride,
               ink->pixels + (ptrdiff_t)y * ink->pitch,
               (size_t)ink->width * (ink->colour ? 4 : 1));
    out->left_px = ink->left_px;
    out->top_px = ink->top_px;
    return pixels != NULL;
}

/* A dash of several em: that of one em with its middle made longer. It ends as
 * far from its cell's edges as in the font, but close to them. */
static bool draw_long_dash(struct fonts *fonts, struct fonts_key key,
                           struct font_picture *out)
{
    struct fonts_ink ink = {0};
    int whole = fonts_dash_ems(key.codepoint) * key.size_px;

    if (!fonts_face_draw(&fonts->faces[key.face], key.size_px, FONTS_DASH,
                         &ink) ||
        !ink.pixels)
        return draw_box(fonts, key.size_px, out);
    int edge = ink.left_px > 0 ? ink.left_px : 0;
    if (edge > key.size_px / 16)
        edge = key.size_px / 16;
    int width = whole - 2 * edge > 0 ? whole - 2 * edge : 1;
    int half = ink.width / 2;
    uint8_t *pixels = reserve(fonts, out, width, ink.height);
    for (int y = 0; pixels && y < ink.height; y++) {
        const uint8_t *row = ink.pixels + (ptrdiff_t)y * ink.pitch;
        for (int x = 0; x < width; x++) {
            int right = ink.width - (width - x);
            pixels[y * out->stride + x] = row[x < half       ? x
                                              : right > half ? right
                                                             : half];
        }
    }
    out->left_px = edge;
    out->top_px = ink.top_px;
    return pixels != NULL;
}

/* By 90° clockwise round the origin: what is above it comes to its right. */
static bool draw_turned(struct fonts *fonts, struct fonts_key key,
                        struct font_picture *out)
{
    const struct font_picture from =
        fonts_picture(fonts, TYPE_SANS, key.face, key.size_px,
                      key.codepoint & ~(uint32_t)TYPE_GLYPH_TURNED);

    if (!from.pixels)
        return true;
    size_t bytes = from.colour ? 4 : 1;
    out->colour = from.colour;
    uint8_t *pixels = reserve(fonts, out, from.height, from.width);
    for (int y = 0; pixels && y < from.width; y++) {
        for (int x = 0; x < from.height; x++)
            memcpy(pixels + y * out->stride + (size_t)x * bytes,
                   from.pixels + (from.height - 1 - x) * from.stride +
                       (size_t)y * bytes,
                   bytes);
    }
    out->left_px = from.top_px - from.height;
    out->top_px = -from.left_px;
    return pixels != NULL;
}

/* False: no memory, nothing was stored. */
static bool draw_glyph(struct fonts *fonts, struct fonts_key key,
                       struct font_picture *out)
{
    struct fonts_ink ink = {0};

    if (key.codepoint & TYPE_GLYPH_TURNED)
        return draw_turned(fonts, key, out);
    if (key.face == FONTS_FACE_BUILTIN)
        return draw_builtin(fonts, key, out);
    if (key.face == FONTS_FACE_BOX || !open_face(fonts, key.face))
        return draw_box(fonts, key.size_px, out);
    if (fonts_dash_ems(key.codepoint) > 0)
        return draw_long_dash(fonts, key, out);
    bool drawn = key.codepoint & TYPE_GLYPH_INDEX
                     ? fonts_shape_draw(&fonts->faces[key.face], key.size_px,
                                        key.codepoint, &ink)
                     : fonts_face_draw(&fonts->faces[key.face], key.size_px,
                                       key.codepoint, &ink);
    return drawn ? keep_ink(fonts, &ink, out)
                 : draw_box(fonts, key.size_px, out);
}

struct font_picture fonts_picture(struct fonts *fonts, enum type_role role,
                                  int face, int size_px, uint32_t codepoint)
{
    struct fonts_key key = {face, size_px, codepoint};
    struct font_picture picture = {0};

    (void)role;
    assert(face < fonts->chain.source_count);
    if (size_px < 1 || size_px > FONTS_SIZE_MAX_PX || codepoint == 0 ||
        (codepoint < TYPE_GLYPH_INDEX && is_invisible(codepoint)))
        return picture;
    if (face == FONTS_FACE_BOX)
        key = (struct fonts_key){FONTS_FACE_BOX, size_px, 0};
    const struct font_picture *known = fonts_atlas_find(&fonts->atlas, key);
    if (known)
        return *known;
    fonts->drawn++;
    if (!draw_glyph(fonts, key, &picture) ||
        !fonts_atlas_put(&fonts->atlas, key, &picture))
        return (struct font_picture){0};
    return picture;
}

static int whole_pixels(type_length length)
{
    int x = length + TYPE_PIXEL / 2;

    return x / TYPE_PIXEL - (x % TYPE_PIXEL < 0);
}

/* The pixel that a length begins in, and the quarter of it. */
static int split(type_length length, int *phase)
{
    int64_t quarters = ((int64_t)length * FONTS_PHASES + TYPE_PIXEL / 2) >> 6;

    *phase = (int)(quarters & (FONTS_PHASES - 1));
    return (int)((quarters - *phase) / FONTS_PHASES);
}

struct font_picture fonts_glyph_picture(struct fonts *fonts,
                                        enum type_role role, int size_px,
                                        const struct typeset_glyph *glyph,
                                        struct font_origin *origin)
{
    int face = glyph->missing ? FONTS_FACE_BOX : glyph->face, phase = 0;

    *origin = (struct font_origin){.x_px = whole_pixels(glyph->x)};
    if (glyph->rise != 0)
        origin->rise_px = whole_pixels(glyph->rise);
    if (!(glyph->codepoint & TYPE_GLYPH_INDEX))
        return fonts_picture(fonts, role, face, size_px, glyph->codepoint);
    if (glyph->codepoint & TYPE_GLYPH_TURNED)
        origin->rise_px = -split(-glyph->rise, &phase);
    else
        origin->x_px = split(glyph->x, &phase);
    return fonts_picture(fonts, role, face, size_px,
                         glyph->codepoint | (uint32_t)phase
                                                << FONTS_PHASE_SHIFT);
}

size_t fonts_drawn(const struct fonts *fonts)
{
    return fonts->drawn;
}

size_t fonts_bytes(const struct fonts *fonts)
{
    return fonts->atlas.bytes;
}

void fonts_rest(struct fonts *fonts)
{
    if (fonts->rested == fonts->drawn)
        return;
    fonts->rested = fonts->drawn;
    font_files_rest(&fonts->files);
}

void fonts_trim(struct fonts *fonts)
{
    if (fonts_atlas_is_full(&fonts->atlas))
        fonts_atlas_finish(&fonts->atlas);
}

const struct type_metrics *fonts_metrics(struct fonts *fonts)
{
    return &fonts->metrics;
}

bool fonts_cover(struct fonts *fonts, enum type_role role, uint32_t codepoint)
{
    if (codepoint == 0 || is_invisible(codepoint))
        return true;
    return know(fonts, role, codepoint).face != FONTS_FACE_BOX;
}

const char *fonts_face_family(const struct fonts *fonts, int face)
{
    if (face < 0 || face >= fonts->chain.source_count)
        return "";
    return fonts->chain.sources[face].family;
}

static void tell_missing(const struct fonts_chain *chain, char *out,
                         size_t size)
{
    size_t used = 0;

    out[0] = '\0';
    for (int i = 0; i < chain->source_count; i++) {
        const struct fonts_source *source = &chain->sources[i];
        if (source->installed || used >= size)
            continue;
        used += (size_t)snprintf(out + used, size - used, "%s%s",
                                 used ? tr(", ") : "", source->file);
    }
}

/* The first face that opens gives the role its line metrics; without any face
 * the role has none. */
static bool open_role(struct fonts *fonts, enum type_role role,
                      struct problem *problem)
{
    const struct fonts_role *list = &fonts->chain.roles[role];
    struct fonts_face *first = &fonts->faces[list->faces[0]];
    bool news = first->source->installed && !first->refused;
    struct problem why = *problem;
    int opened = fonts_face_open(first, &why) ? 0 : 1;

    while (opened > 0 && opened < list->count &&
           !open_face(fonts, list->faces[opened]))
        opened++;
    if (opened == list->count) {
        *problem = why;
        snprintf(problem->field, sizeof problem->field, "roles.%s",
                 fonts_role_name(role));
        return false;
    }
    if (opened > 0 && news)
        tell_refused(&why);
    fonts->measures[role] =
        fonts_face_measures(&fonts->faces[list->faces[opened]]);
    return true;
}

static bool open_roles(struct fonts *fonts, struct problem *problem)
{
    for (int role = 0; role < TYPE_ROLE_COUNT; role++) {
        if (!open_role(fonts, (enum type_role)role, problem))
            return false;
    }
    return true;
}

/* The first face that opens and has 告, otherwise the first that opens. -1:
 * none. */
static int choose_single(struct fonts *fonts)
{
    enum { CHINESE = 0x544A };
    int any = -1;

    for (int i = 0; i < fonts->chain.source_count; i++) {
        if (!open_face(fonts, i))
            continue;
        if (fonts_face_has(&fonts->faces[i], CHINESE))
            return i;
        any = any < 0 ? i : any;
    }
    return any;
}

/* Every role uses that one face. */
static void use_single(struct fonts *fonts, int face)
{
    for (int role = 0; role < TYPE_ROLE_COUNT; role++) {
        fonts->chain.roles[role] = (struct fonts_role){{face}, 1};
        fonts->chain.scripts[role] = (struct fonts_role){0};
        fonts->measures[role] = fonts_face_measures(&fonts->faces[face]);
    }
}

static void use_builtin(struct fonts *fonts)
{
    enum { ROW = FONTS_UNITS / FONTS_BUILTIN_ROWS };
    const struct fonts_measures measures = {
        .ascent = FONTS_BUILTIN_ASCENT * ROW,
        .descent = FONTS_UNITS - FONTS_BUILTIN_ASCENT * ROW,
        .cap_height = 10 * ROW,
    };

    for (int role = 0; role < TYPE_ROLE_COUNT; role++) {
        fonts->chain.roles[role] = (struct fonts_role){{FONTS_FACE_BUILTIN}, 0};
        fonts->chain.scripts[role] = (struct fonts_role){0};
        fonts->measures[role] = measures;
    }
}

static bool make_tables(struct fonts *fonts, struct problem *problem)
{
    for (int role = 0; role < TYPE_ROLE_COUNT; role++) {
        fonts->known[role] = calloc(2 * FONTS_KNOWN_MAX,
                                    sizeof *fonts->known[role]);
        if (!fonts->known[role])
            return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    }
    return true;
}

static bool read_chain(struct fonts *fonts, const char *chain_file,
                       struct problem *problem)
{
    if (!fonts_chain_read(chain_file, &fonts->chain, problem))
        return false;
    for (int i = 0; i < fonts->chain.source_count; i++)
        fonts->faces[i] =
            (struct fonts_face){.source = &fonts->chain.sources[i],
                                .files = &fonts->files,
                                .library = fonts->library};
    fonts->metrics = (struct type_metrics){.context = fonts,
                                           .glyph = metrics_glyph,
                                           .line = metrics_line,
                                           .ink = metrics_ink,
                                           .script_face = metrics_script_face,
                                           .shape = metrics_shape};
    return make_tables(fonts, problem);
}

static struct fonts *start_fonts(struct problem *problem)
{
    struct fonts *fonts = calloc(1, sizeof *fonts);

    if (fonts && FT_Init_FreeType(&fonts->library) == 0)
        return fonts;
    free(fonts);
    problem_set(problem, PROBLEM_SYSTEM, "no memory");
    return NULL;
}

bool fonts_create(const char *chain_file, struct fonts **out, char *missing,
                  size_t missing_size, struct problem *problem)
{
    struct fonts *fonts = start_fonts(problem);

    if (!fonts)
        return false;
    if (!read_chain(fonts, chain_file, problem) ||
        !open_roles(fonts, problem)) {
        fonts_destroy(fonts);
        return false;
    }
    if (missing && missing_size > 0)
        tell_missing(&fonts->chain, missing, missing_size);
    *out = fonts;
    return true;
}

bool fonts_create_single(bool bare, struct fonts **out, struct problem *problem)
{
    struct fonts *fonts = start_fonts(problem);

    if (!fonts)
        return false;
    if (!read_chain(fonts, NULL, problem)) {
        fonts_destroy(fonts);
        return false;
    }
    int face = bare ? -1 : choose_single(fonts);
    if (face < 0) {
        log_write(LOG_ERROR, "fonts: %s; the program's own glyphs are used",
                  bare ? tr("left alone") : tr("none can be opened"));
        use_builtin(fonts);
    } else {
        use_single(fonts, face);
    }
    *out = fonts;
    return true;
}

void fonts_destroy(struct fonts *fonts)
{
    if (!fonts)
        return;
    for (int i = 0; i < FONTS_FACES; i++) {
        fonts_shape_close(&fonts->faces[i]);
        fonts_face_close(&fonts->faces[i]);
    }
    font_files_close(&fonts->files);
    for (int role = 0; role < TYPE_ROLE_COUNT; role++)
        free(fonts->known[role]);
    fonts_atlas_finish(&fonts->atlas);
    FT_Done_FreeType(fonts->library);
    free(fonts);
}
