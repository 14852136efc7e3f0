/* Real fonts for tests, and the simplest way to a line of text. */
#include "tests/support/fonts_here.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <unicode/utf8.h>

struct fonts *fonts_here(void)
{
    struct problem problem = {0};
    struct fonts *fonts = NULL;
    char text[600];

    if (!fonts_create(FONTS_HERE_CHAIN, &fonts, NULL, 0, &problem)) {
        problem_format(&problem, text, sizeof text);
        fail_msg("%s", text);
    }
    return fonts;
}

void fonts_here_add_line(struct draw_list *list, struct fonts *fonts,
                         enum type_role role, int size_px, int x,
                         int baseline_y, draw_colour colour, const char *text)
{
    const struct type_metrics *metrics = fonts_metrics(fonts);
    size_t length = strlen(text), count = 0;
    struct typeset_glyph *glyphs = draw_list_alloc(list,
                                                   length * sizeof *glyphs);
    char *string = draw_list_alloc(list, length + 1);
    type_length at = 0;

    assert_non_null(glyphs);
    assert_non_null(string);
    memcpy(string, text, length + 1);
    for (int32_t i = 0; text[i];) {
        UChar32 c;
        U8_NEXT_UNSAFE((const uint8_t *)text, i, c);
        struct type_glyph glyph = metrics->glyph(metrics->context, role,
                                                 size_px, (uint32_t)c);
        glyphs[count++] = (struct typeset_glyph){glyph.face, glyph.codepoint,
                                                 at, glyph.missing, 0};
        at += glyph.advance;
    }
    struct type_line line = metrics->line(metrics->context, role, size_px);
    struct draw_item item = {
        .kind = DRAW_TEXT,
        .bounds = {x, baseline_y - line.ascent_px, at / TYPE_PIXEL + 1,
                   line.ascent_px + line.descent_px},
        .colour = colour,
        .text = {.role = role,
                 .size_px = size_px,
                 .x = x,
                 .baseline_y = baseline_y,
                 .glyphs = glyphs,
                 .glyph_count = count,
                 .string = string},
    };
    assert_true(draw_list_add(list, &item));
}

const char *fonts_here_emoji(void)
{
    static const char file[] =
        "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf";

    return access(file, R_OK) == 0 ? file : NULL;
}
