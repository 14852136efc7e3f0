/* Any bytes as the state or the presence of a screen, which come unsigned: what
 * is read is written and read the same again, and the roster keeps its bounds.
 */
#include "tests/fuzz/check.h"

#include "protocol/receipt.h"
#include "publisher/fleet/roster.h"

#include <stdlib.h>
#include <string.h>

static void check_alerts(const struct screen_alert *alerts, size_t count)
{
    FUZZ_CHECK(count <= SCREEN_STATE_ALERTS);
    for (size_t i = 0; i < count; i++)
        FUZZ_CHECK(identifier_is_valid(alerts[i].id));
}

static void check_state(struct screen_state *state)
{
    char *text = screen_state_format(state);
    struct roster roster;
    char notes[ROSTER_NOTES_BYTES];

    check_alerts(state->live, state->live_count);
    check_alerts(state->shown, state->shown_count);
    FUZZ_CHECK(text);
    /* Escapes may make it longer than a screen may say. */
    struct screen_state *again = screen_state_parse(text, strlen(text));
    if (again) {
        FUZZ_CHECK(strcmp(again->screen, state->screen) == 0);
        FUZZ_CHECK(strcmp(again->showing, state->showing) == 0);
        FUZZ_CHECK(again->at_ms == state->at_ms);
        FUZZ_CHECK(again->live_count == state->live_count);
    } else {
        FUZZ_CHECK(strlen(text) > LIMIT_STATE_BYTES);
    }
    FUZZ_CHECK(roster_init(&roster, NULL));
    int number = roster_take_state(&roster, state);
    FUZZ_CHECK(number == 0);
    fuzz_fill(notes, sizeof notes);
    roster_notes(&roster.screens[0], 0, notes);
    fuzz_check_text(notes, sizeof notes);
    FUZZ_CHECK(roster_condition(&roster.screens[0], 0) < ROSTER_CONDITIONS);
    roster_covers(&roster.screens[0], "area-410103");
    roster_finish(&roster);
    free(again);
    free(text);
}

static void check_presence(const char *bytes, size_t size)
{
    struct presence_said said;

    fuzz_fill(&said, sizeof said);
    if (!presence_parse(bytes, size, &said)) {
        fuzz_check_untouched(&said, sizeof said);
        return;
    }
    FUZZ_CHECK(identifier_is_valid(said.screen));
    fuzz_check_text(said.version, sizeof said.version);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = fuzz_copy(data, size);
    struct screen_state *state = screen_state_parse(bytes, size);

    if (state)
        check_state(state);
    check_presence(bytes, size);
    free(bytes);
    return 0;
}
