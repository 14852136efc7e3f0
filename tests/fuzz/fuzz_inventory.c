/* Any bytes as an inventory: screens have valid ids, each once, and texts that
 * a terminal may show; a refusal says where and why. */
#include "tests/fuzz/check.h"

#include "protocol/limits.h"
#include "protocol/scope.h"
#include "publisher/fleet/inventory.h"
#include "publisher/fleet/roster.h"

#include <stdlib.h>
#include <string.h>

static void check_words(const char *text)
{
    fuzz_check_text(text, strlen(text) + 1);
    for (; *text; text++)
        FUZZ_CHECK((unsigned char)*text >= ' ' && *text != 0x7F);
}

static void check_screen(const struct inventory *inventory,
                         const struct inventory_screen *screen)
{
    FUZZ_CHECK(identifier_is_valid(screen->id));
    FUZZ_CHECK(inventory_find(inventory, screen->id) == screen);
    FUZZ_CHECK(!screen->area[0] || strlen(screen->area) == 12);
    FUZZ_CHECK(screen->line >= 1);
    check_words(screen->place);
    check_words(screen->groups);
    check_words(screen->notes);
    FUZZ_CHECK(inventory_covers(screen, "all"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = fuzz_copy(data, size);
    struct problem problem = {.code = PROBLEM_NONE};
    struct inventory inventory;
    struct roster roster;

    fuzz_fill(&inventory, sizeof inventory);
    if (inventory_parse(bytes, size, &inventory, &problem)) {
        for (size_t i = 0; i < inventory.count; i++)
            check_screen(&inventory, &inventory.screens[i]);
        FUZZ_CHECK(roster_init(&roster, &inventory));
        FUZZ_CHECK(roster.count == inventory.count);
        roster_finish(&roster);
        inventory_finish(&inventory);
    } else {
        fuzz_check_untouched(&inventory, sizeof inventory);
        fuzz_check_problem(&problem);
    }
    free(bytes);
    return 0;
}
