/* A code to scan: dark on light, four modules of quiet zone, modules of whole
 * pixels (ISO/IEC 18004). */
#include "display/core/templates/page_template.h"

#include "display/core/compose/compose.h"

#include <qrencode.h>
#include <stdlib.h>

enum { QUIET_MODULES = 4, MODULE_LEAST_PX = 3 };

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

/* Of the page's shorter side. */
enum { CODE_LEAST_PERCENT = 45, CODE_MOST_PERCENT = 88 };

static int side_percent(const struct page_build *build, int percent)
{
    return smaller(build->geometry.width_px, build->geometry.height_px) *
           percent / 100;
}

static int code_least_px(struct page_build *build)
{
    return side_percent(build, CODE_LEAST_PERCENT);
}

static int code_most_px(struct page_build *build)
{
    return side_percent(build, CODE_MOST_PERCENT);
}

static void put_code(struct page_build *build, struct rect box)
{
    const char *url = build->message->panel.url;
    int side = page_code_px(url, 0, box.height);
    int right = build->wide ? (box.width - side) / 2 : 0;
    if (side > 0)
        page_put_code(build, url, box.x + right,
                      box.y + (box.height - side) / 2, side);
}

static const struct compose_picture code = {
    put_code, code_least_px, code_most_px, NULL, true, true, NULL};

/* Where no code has room, its address in letters. */
void page_template_qr(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    bool drawn = !build->strip &&
                 page_code_px(panel->url, 0, code_least_px(build)) > 0;
    struct compose_sheet sheet = {
        .arrangements = {[COMPOSE_STACKED] = true,
                         [COMPOSE_BESIDE] = drawn && build->wide,
                         [COMPOSE_MARGIN] = drawn && build->wide}};
    if (drawn)
        compose_picture(&sheet, COMPOSE_RIGHT, &code);
    compose_text(&sheet, COMPOSE_CAPTION, COMPOSE_LEFT, panel->caption);
    compose_lines(&sheet, panel);
    if (!drawn)
        compose_text(&sheet, COMPOSE_CONTEXT, COMPOSE_WHOLE, panel->url);
    compose_pages(build, &sheet);
}
