/* One big figure, or several, with what they are and what belongs to them. */
#include "display/core/templates/page_template.h"

#include "display/core/compose/compose.h"

void page_template_figure(struct page_build *build)
{
    const struct panel_figure *figure = &build->message->panel.figures[0];
    struct compose_sheet sheet = {.arrangements = {[COMPOSE_STACKED] = true}};
    compose_text(&sheet, COMPOSE_LABEL, COMPOSE_WHOLE, figure->label);
    compose_figure(&sheet, COMPOSE_WHOLE, figure, (struct decimal){0, 0});
    compose_text(&sheet, COMPOSE_NOTE, COMPOSE_WHOLE, figure->note);
    compose_text(&sheet, COMPOSE_NOTE, COMPOSE_WHOLE, page_live_note(build));
    compose_lines(&sheet, &build->message->panel);
    compose_pages(build, &sheet);
}

void page_template_figures(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    struct compose_sheet sheet = {.arrangements = {[COMPOSE_STACKED] = true}};
    struct compose_cell cells[LIMIT_FIGURES];
    compose_figures(&sheet, cells, panel);
    if (panel->template == TEMPLATE_FIGURES)
        compose_text(&sheet, COMPOSE_NOTE, COMPOSE_WHOLE,
                     page_live_note(build));
    compose_lines(&sheet, panel);
    compose_pages(build, &sheet);
}
