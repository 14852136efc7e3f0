/* One big figure, with what it is and what belongs to it. */
#include "display/core/templates/page_template.h"

#include "display/core/page/page_figure.h"

struct page_text page_label_text(const struct page_build *build,
                                 const char *label)
{
    return (struct page_text){.text = label,
                              .role = TYPE_SANS,
                              .size_px = build->sizes[SIZE_BODY],
                              .colour = build->text,
                              .balanced = true};
}

struct page_text page_note_text(const struct page_build *build,
                                const char *note)
{
    return (struct page_text){.text = note,
                              .role = TYPE_SANS,
                              .size_px = build->sizes[SIZE_LEGAL],
                              .colour = build->muted};
}

static struct page_text line_text(const struct page_build *build, size_t index)
{
    struct page_text line = page_label_text(build,
                                            build->message->panel.lines[index]);
    line.size_px = build->sizes[build->lines_size];
    return line;
}

int page_lines_height(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    int height = 0;
    for (size_t i = 0; i < panel->line_count; i++) {
        struct page_text line = line_text(build, i);
        height += page_text_height(build, &line, build->area.width) +
                  (i == 0 ? build->gap * 3 / 2 : build->gap / 3);
    }
    return height;
}

void page_flow_lines(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    for (size_t i = 0; i < panel->line_count; i++) {
        page_skip(build, i == 0 ? build->gap * 3 / 2 : build->gap / 3);
        struct page_text line = line_text(build, i);
        page_flow_text(build, &line);
    }
}

void page_template_figure(struct page_build *build)
{
    const struct panel_figure *figure = &build->message->panel.figures[0];
    page_open(build);
    struct page_text label = page_label_text(build, figure->label);
    struct page_text note = page_note_text(build, figure->note);
    int width = build->area.width;
    int label_gap = figure->label[0] == '\0' ? 0 : build->gap / 2;
    int note_gap = figure->note[0] == '\0' ? 0 : build->gap / 2;
    int beside = page_lines_height(build) + label_gap + note_gap +
                 page_text_height(build, &label, width) +
                 page_text_height(build, &note, width);
    page_flow_text(build, &label);
    page_skip(build, label_gap);
    int height = build->area.height - beside - build->gap;
    page_flow_hero(build, figure, (struct decimal){0, 0},
                   height > build->gap * 4 ? height : build->gap * 4);
    page_skip(build, note_gap);
    page_flow_text(build, &note);
    page_flow_lines(build);
}
