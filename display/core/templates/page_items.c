/* Lists of names with what they are: honours, and what a place offers. */
#include "display/core/templates/page_template.h"

#include "display/core/compose/compose.h"

void page_template_items(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    struct compose_sheet sheet = {.arrangements = {[COMPOSE_STACKED] = true}};
    struct compose_cell cells[LIMIT_ITEMS];
    for (size_t i = 0; i < panel->item_count; i++)
        cells[i] = (struct compose_cell){.label = panel->items[i].text,
                                         .detail = panel->items[i].detail,
                                         .note = ""};
    compose_text(&sheet, COMPOSE_ADDRESS, COMPOSE_WHOLE, panel->address);
    compose_cells(&sheet, cells, panel->item_count);
    compose_lines(&sheet, panel);
    compose_pages(build, &sheet);
}
