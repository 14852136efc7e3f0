/* A code to scan: dark on light, four modules of quiet zone, modules of whole
 * pixels (ISO/IEC 18004). */
#include "display/core/templates/page_template.h"

#include "display/core/page/page_figure.h"

#include <qrencode.h>
#include <stdlib.h>

enum { QUIET_MODULES = 4, MODULE_LEAST_PX = 3 };
#define CODE_COLUMN_PERCENT 46
#define CODE_HEIGHT_PERCENT 94

static void put_row(struct page_build *build, const unsigned char *modules,
                    int width, struct rect origin, int module)
{
    for (int from = 0; from < width; from++) {
        int to = from;
        while (to < width && (modules[to] & 1) != 0)
            to++;
        if (to == from)
            continue;
        struct rect dark = {origin.x + from * module, origin.y,
                            (to - from) * module, module};
        page_put_fill(build, dark, 0, build->theme->code_dark, PAGE_STILL);
        from = to;
    }
}

int page_code_px(const char *url, int least_px, int most_px)
{
    QRcode *code = url[0] == '\0'
                       ? NULL
                       : QRcode_encodeString8bit(url, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return 0;
    int cells = code->width + 2 * QUIET_MODULES;
    int module = most_px / cells;
    QRcode_free(code);
    return module >= MODULE_LEAST_PX && module * cells >= least_px
               ? module * cells
               : 0;
}

int page_put_code(struct page_build *build, const char *url, int x, int y,
                  int side_px)
{
    QRcode *code = QRcode_encodeString8bit(url, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return 0;
    int cells = code->width + 2 * QUIET_MODULES;
    int module = side_px / cells;
    if (module >= MODULE_LEAST_PX) {
        struct rect ground = {x, y, cells * module, cells * module};
        page_put_fill(build, ground, 0, build->theme->code_ground, PAGE_STILL);
        for (int row = 0; row < code->width; row++) {
            struct rect origin = {x + QUIET_MODULES * module,
                                  y + (QUIET_MODULES + row) * module, 0, 0};
            put_row(build, code->data + row * code->width, code->width, origin,
                    module);
        }
    }
    QRcode_free(code);
    return module >= MODULE_LEAST_PX ? cells * module : 0;
}

static void flow_words(struct page_build *build, bool with_url)
{
    const struct panel *panel = &build->message->panel;
    struct page_text text = {.text = panel->caption,
                             .role = TYPE_SANS,
                             .size_px = build->sizes[SIZE_BODY],
                             .colour = build->accent,
                             .balanced = true};
    page_flow_text(build, &text);
    page_flow_lines(build);
    text.text = panel->url;
    text.colour = build->text;
    if (!with_url)
        return;
    page_skip(build, build->gap);
    page_flow_text(build, &text);
}

/* The code takes the page's right side. */
static void wide_header(struct page_build *build)
{
    int side = build->area.width * CODE_COLUMN_PERCENT / 100;
    int most = build->area.height * CODE_HEIGHT_PERCENT / 100;
    if (side > most)
        side = most;
    const struct rect *area = &build->area;
    const char *url = build->message->panel.url;
    side = page_code_px(url, 0, side);
    if (side > 0) {
        page_put_code(build, url, area->x + area->width - side,
                      area->y + (area->height - side) / 2, side);
        build->area.width -= side + 2 * build->gap;
    }
    page_panel_header(build);
}

static void template_wide(struct page_build *build)
{
    build->header = wide_header;
    page_open(build);
    flow_words(build, build->area.width == build->geometry.safe.width);
}

void page_template_qr(struct page_build *build)
{
    if (build->wide) {
        template_wide(build);
        return;
    }
    page_open(build);
    int side = build->area.width * 9 / 10;
    int most = build->area.height * 60 / 100;
    int drawn = page_put_code(build, build->message->panel.url, build->area.x,
                              build->y, side < most ? side : most);
    if (drawn > 0)
        page_take(build, drawn);
    page_skip(build, build->gap * 2);
    flow_words(build, drawn == 0);
}
