/* A section opens: its mark, its name, a few words; centred. */
#include "display/core/templates/page_template.h"

#include "display/core/compose/compose.h"
#include "display/core/page/page_figure.h"
#include "display/core/page/section_mark.h"

/* A title keeps its distance from the edges. It may be this much smaller than
 * the last step of the scale to stand on one line, and this much smaller than
 * it could be to break no word and no quotation, and so much to stand on a line
 * less. */
enum {
    WIDTH_PERCENT = 84,
    ONE_LINE_PERCENT = 85,
    WHOLE_PERCENT = 70,
    FEWER_LINES_PERCENT = 75,
};

/* A line less, where the title need not become much smaller for it: a word of
 * one character on a line of its own tells nothing. */
static int fewer_lines(struct page_build *build, struct page_text title,
                       int size)
{
    title.size_px = size;
    int parted = page_text_parted(build, &title, build->area.width);
    for (; title.size_px >= size * FEWER_LINES_PERCENT / 100; title.size_px--)
        if (page_text_parted(build, &title, build->area.width) < parted)
            return title.size_px;
    return size;
}

/* On one line where that leaves it great enough. */
static int title_size(struct page_build *build, struct page_text title)
{
    int most = build->sizes[SIZE_DISPLAY] * 3 / 2;
    int one_line = build->sizes[SIZE_DISPLAY] * ONE_LINE_PERCENT / 100;
    int width = build->area.width;
    if (build->wide)
        width = width * WIDTH_PERCENT / 100;
    title.size_px = most;
    title.size_px = page_run_fit(build, title, width,
                                 larger(one_line, build->sizes[SIZE_TITLE]));
    if (page_run_px(build, &title) <= width)
        return title.size_px;
    int size = page_text_fit(build, title, width, build->area.height / 2, most,
                             build->sizes[SIZE_LEGAL]);
    if (size == 0)
        return build->sizes[SIZE_LEGAL];
    int least = size * WHOLE_PERCENT / 100;
    if (least < build->sizes[SIZE_LEGAL])
        least = build->sizes[SIZE_LEGAL];
    int whole = page_text_fit_words(build, title, width, build->area.height / 2,
                                    size, least);
    return fewer_lines(build, title, whole > 0 ? whole : size);
}

static struct page_text title_text(const struct page_build *build)
{
    return (struct page_text){.text = build->message->panel.title,
                              .role = TYPE_SERIF_BOLD,
                              .colour = build->text,
                              .align = TYPESET_CENTRE,
                              .balanced = true,
                              .leading_percent = 130};
}

/* The subtitle, then a line of the panel. */
static struct page_text line_text(const struct page_build *build, size_t index)
{
    const struct panel *panel = &build->message->panel;
    return (struct page_text){.text = index == 0 ? panel->subtitle
                                                 : panel->lines[index - 1],
                              .role = TYPE_SANS,
                              .size_px = build->sizes[SIZE_BODY],
                              .colour = build->muted,
                              .align = TYPESET_CENTRE,
                              .balanced = true};
}

static int lines_px(struct page_build *build)
{
    int height = 0;
    for (size_t i = 0; i <= build->message->panel.line_count; i++) {
        struct page_text line = line_text(build, i);
        int line_px = line.text[0] == '\0'
                          ? 0
                          : page_text_height(build, &line, build->area.width);
        height += line_px > 0 ? line_px + build->gap / (i == 0 ? 1 : 3) : 0;
    }
    return height;
}

/* Before a second page the mark becomes smaller, then goes; then the title
 * becomes smaller. */
static int fit_mark(struct page_build *build, struct page_text *title)
{
    int room = build->area.height - lines_px(build);
    int legal = build->sizes[SIZE_LEGAL];
    while (title->size_px > legal &&
           page_text_height(build, title, build->area.width) > room)
        title->size_px--;
    int mark = room - build->gap -
               page_text_height(build, title, build->area.width);
    mark = mark < build->sizes[SIZE_DISPLAY] ? mark
                                             : build->sizes[SIZE_DISPLAY];
    return mark < legal ? 0 : mark;
}

static void put_mark(struct page_build *build, int mark)
{
    int y = page_take(build, mark);
    struct rect box = {build->area.x + (build->area.width - mark) / 2, y, mark,
                       mark};
    struct draw_item item = section_mark_item(build->message->panel.section,
                                              box, build->accent);
    page_put(build, &item, PAGE_STILL);
    page_skip(build, build->gap);
}

void page_template_title(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    if (build->strip) {
        struct compose_sheet sheet = {0};
        compose_lines(&sheet, panel);
        compose_pages(build, &sheet);
        return;
    }
    build->header = NULL;
    page_open(build);
    struct page_text title = title_text(build);
    title.size_px = title_size(build, title);
    int mark = fit_mark(build, &title);
    if (mark > 0)
        put_mark(build, mark);
    page_flow_text(build, &title);
    for (size_t i = 0; i <= panel->line_count; i++) {
        struct page_text line = line_text(build, i);
        if (line.text[0] == '\0')
            continue;
        page_skip(build, i == 0 ? build->gap : build->gap / 3);
        page_flow_text(build, &line);
    }
}
