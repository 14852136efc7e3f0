/* Reads a situation panel's level. */
#include "display/core/alerts/situation.h"

#include <string.h>

const char situation_over_level[] = "终止";

static bool is_situation(const struct message *message)
{
    return message->kind == MESSAGE_PANEL &&
           message->panel.template == TEMPLATE_SITUATION;
}

bool situation_is_over(const struct message *panel)
{
    return is_situation(panel) && panel->panel.level &&
           strcmp(panel->panel.level, situation_over_level) == 0;
}

bool situation_is_live(const struct message *panel)
{
    return is_situation(panel) && !situation_is_over(panel);
}
