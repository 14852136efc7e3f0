/* Draws pages as on a screen and keeps them in small. */
#include "display/edge/app/contact_sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/timestamp.h"
#include "display/edge/render/picture.h"

enum {
    COLUMNS = 4,
    CELL_PX = 480, /* the longer side of a cell */
    GAP_PX = 12,
    REST_MS = 60000, /* longer than any entrance */
    KEY_BYTES = 160,
};

struct cell {
    char key[KEY_BYTES]; /* id, scope and page */
    uint32_t *pixels;
};

struct contact_sheet {
    struct glass *glass;
    struct page_cache *cache;
    const char *place_name;
    int width, height; /* of a cell */
    struct cell cells[CONTACT_SHEET_MAX];
    int count;
    int left_out;
};

struct contact_sheet *contact_sheet_create(struct glass *glass,
                                           struct page_cache *cache,
                                           const char *place_name)
{
    struct renderer_pixels pixels = renderer_pixels(glass->renderer);
    int longer = pixels.width > pixels.height ? pixels.width : pixels.height;
    struct contact_sheet *sheet = calloc(1, sizeof *sheet);

    if (!sheet)
        return NULL;
    sheet->glass = glass;
    sheet->cache = cache;
    sheet->place_name = place_name;
    sheet->width = pixels.width * CELL_PX / longer;
    sheet->height = pixels.height * CELL_PX / longer;
    if (longer < CELL_PX) {
        sheet->width = pixels.width;
        sheet->height = pixels.height;
    }
    return sheet;
}

void contact_sheet_destroy(struct contact_sheet *sheet)
{
    if (!sheet)
        return;
    for (int i = 0; i < sheet->count; i++)
        free(sheet->cells[i].pixels);
    free(sheet);
}

static bool draw(struct contact_sheet *sheet, const struct message *message,
                 size_t page, int64_t wall_ms)
{
    const struct scene scene = {.kind = SCENE_PANEL,
                                .message = message,
                                .page = page,
                                .t_ms = REST_MS,
                                .progress = 1.0,
                                .position = 1,
                                .total = 1};
    const struct frame_setting setting = {
        .place_name = sheet->place_name,
        .ticker = "",
        .clock_ms = wall_ms,
        .news = {.until_ms = wall_ms, .age_ms = TIMESTAMP_NONE},
    };
    struct rect damage[RENDERER_DAMAGE_MAX];

    if (!frame_compose_whole(sheet->glass, sheet->cache, &scene, &setting))
        return false;
    renderer_forget(sheet->glass->renderer);
    renderer_draw(sheet->glass->renderer, &sheet->glass->list, damage);
    fonts_trim(sheet->glass->fonts);
    return true;
}

/* The mean of the pixels that one pixel of the cell stands for. */
static uint32_t mean(const struct renderer_pixels *from, int left, int top,
                     int right, int bottom)
{
    uint32_t sums[3] = {0}, count = 0;

    for (int y = top; y < bottom; y++) {
        const uint32_t *row =
            (const uint32_t *)(const void *)((const char *)from->pixels +
                                             (size_t)y *
                                                 (size_t)from->stride_bytes);
        for (int x = left; x < right; x++, count++)
            for (int i = 0; i < 3; i++)
                sums[i] += row[x] >> (8 * i) & 0xFF;
    }
    return sums[0] / count | sums[1] / count << 8 | sums[2] / count << 16;
}

static uint32_t *shrink(const struct contact_sheet *sheet)
{
    struct renderer_pixels from = renderer_pixels(sheet->glass->renderer);
    size_t count = (size_t)sheet->width * (size_t)sheet->height;
    uint32_t *pixels = malloc(count * sizeof *pixels);

    for (int y = 0; pixels && y < sheet->height; y++)
        for (int x = 0; x < sheet->width; x++)
            pixels[y * sheet->width + x] =
                mean(&from, x * from.width / sheet->width,
                     y * from.height / sheet->height,
                     (x + 1) * from.width / sheet->width,
                     (y + 1) * from.height / sheet->height);
    return pixels;
}

static bool stands_there(const struct contact_sheet *sheet, const char *key)
{
    for (int i = 0; i < sheet->count; i++)
        if (strcmp(sheet->cells[i].key, key) == 0)
            return true;
    return false;
}

void contact_sheet_add(struct contact_sheet *sheet,
                       const struct message *message, size_t page,
                       int64_t wall_ms)
{
    struct cell *cell = &sheet->cells[sheet->count];
    char key[KEY_BYTES];

    snprintf(key, sizeof key, "%s %s %zu", message->scope, message->id, page);
    if (stands_there(sheet, key))
        return;
    if (sheet->count == CONTACT_SHEET_MAX) {
        if (sheet->left_out++ == 0)
            log_write(LOG_WARNING,
                      "sheet: more than %d pages; further ones are left out",
                      CONTACT_SHEET_MAX);
        return;
    }
    if (!draw(sheet, message, page, wall_ms) ||
        !(cell->pixels = shrink(sheet))) {
        log_write(LOG_WARNING, "sheet: no memory for %s; it is left out", key);
        return;
    }
    memcpy(cell->key, key, sizeof key);
    sheet->count++;
}

bool contact_sheet_write(const struct contact_sheet *sheet, const char *file,
                         struct problem *problem)
{
    int columns = sheet->count < COLUMNS ? sheet->count : COLUMNS;
    int rows = (sheet->count + COLUMNS - 1) / COLUMNS;
    int width = columns * (sheet->width + GAP_PX) + GAP_PX;
    int height = rows * (sheet->height + GAP_PX) + GAP_PX;

    if (sheet->count == 0)
        return problem_set(problem, PROBLEM_FIELD,
                           "no panel comes: there is nothing to draw");
    uint32_t *pixels = calloc((size_t)width * (size_t)height, sizeof *pixels);
    if (!pixels)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for a sheet");
    for (int i = 0; i < sheet->count; i++) {
        int left = GAP_PX + i % COLUMNS * (sheet->width + GAP_PX);
        int top = GAP_PX + i / COLUMNS * (sheet->height + GAP_PX);
        for (int y = 0; y < sheet->height; y++)
            memcpy(pixels + (top + y) * width + left,
                   sheet->cells[i].pixels + y * sheet->width,
                   (size_t)sheet->width * sizeof *pixels);
    }
    const struct renderer_pixels picture = {pixels, width, height,
                                            width * (int)sizeof *pixels};
    bool written = picture_write(file, &picture, problem);
    free(pixels);
    return written;
}
