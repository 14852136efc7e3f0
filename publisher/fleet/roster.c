/* Keeps what each screen said last. */
#include "publisher/fleet/roster.h"

#include "base/timestamp.h"
#include "base/translate.h"
#include "protocol/link/certificate_end.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *roster_condition_name(enum roster_condition condition)
{
    static const char *const names[ROSTER_CONDITIONS] = {
        [ROSTER_UP] = "up",
        [ROSTER_OLD] = "old",
        [ROSTER_OFFLINE] = "offline",
        [ROSTER_SILENT] = "silent",
    };

    return names[condition];
}

static size_t hash(const char *text)
{
    uint64_t sum = UINT64_C(14695981039346656037);

    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return (size_t)(sum ^ sum >> 32);
}

static size_t find_place(const struct roster *roster, const char *id)
{
    size_t mask = roster->place_count - 1;
    size_t place = hash(id) & mask;

    while (roster->places[place] &&
           strcmp(roster->screens[roster->places[place] - 1].id, id) != 0)
        place = (place + 1) & mask;
    return place;
}

static int add(struct roster *roster, const char *id,
               const struct inventory_screen *listed)
{
    char *copy = strdup(id);

    if (!copy || roster->count == roster->room) {
        free(copy);
        return -1;
    }
    roster->places[find_place(roster, id)] = roster->count + 1;
    roster->screens[roster->count] = (struct roster_screen){.id = copy,
                                                            .listed = listed};
    return (int)roster->count++;
}

bool roster_init(struct roster *roster, const struct inventory *inventory)
{
    size_t listed = inventory ? inventory->count : 0;
    size_t places = 1;

    *roster = (struct roster){.inventory = inventory,
                              .room = listed + ROSTER_UNLISTED_MAX};
    while (places < 2 * roster->room)
        places *= 2;
    roster->place_count = places;
    roster->screens = calloc(roster->room, sizeof *roster->screens);
    roster->places = calloc(places, sizeof *roster->places);
    bool made = roster->screens && roster->places;
    for (size_t i = 0; made && i < listed; i++)
        made = add(roster, inventory->screens[i].id, &inventory->screens[i]) >=
               0;
    return made;
}

void roster_finish(struct roster *roster)
{
    for (size_t i = 0; i < roster->count; i++) {
        free(roster->screens[i].id);
        free(roster->screens[i].state);
    }
    free(roster->screens);
    free(roster->places);
    *roster = (struct roster){.count = 0};
}

int roster_find(const struct roster *roster, const char *id)
{
    return (int)roster->places[find_place(roster, id)] - 1;
}

int roster_add(struct roster *roster, const char *id)
{
    int known = roster_find(roster, id);

    if (known < 0)
        known = add(roster, id, NULL);
    roster->passed_over += known < 0;
    return known;
}

int roster_take_presence(struct roster *roster,
                         const struct presence_said *said)
{
    int number = roster_add(roster, said->screen);

    if (number < 0)
        return -1;
    roster->screens[number].has_presence = true;
    roster->screens[number].presence = *said;
    return number;
}

int roster_take_state(struct roster *roster, struct screen_state *state)
{
    int number = roster_add(roster, state->screen);

    if (number < 0) {
        free(state);
        return -1;
    }
    free(roster->screens[number].state);
    roster->screens[number].state = state;
    return number;
}

/* A broker tells the will of a screen's earlier connection also when the screen
 * is back already. Then the state is of another run. */
static bool is_offline(const struct roster_screen *screen)
{
    const struct presence_said *said = &screen->presence;

    if (!screen->has_presence || said->presence == PRESENCE_ONLINE)
        return false;
    return !screen->state || said->run == 0 || screen->state->run == 0 ||
           screen->state->run == said->run;
}

enum roster_condition roster_condition(const struct roster_screen *screen,
                                       int64_t now_ms)
{
    const struct screen_state *state = screen->state;

    if (!screen->has_presence && !state)
        return ROSTER_SILENT;
    if (is_offline(screen))
        return ROSTER_OFFLINE;
    return state && state->at_ms != TIMESTAMP_NONE &&
                   now_ms - state->at_ms > ROSTER_OLD_MS
               ? ROSTER_OLD
               : ROSTER_UP;
}

const char *roster_place(const struct roster_screen *screen)
{
    return screen->listed ? screen->listed->place : "";
}

const char *roster_area(const struct roster_screen *screen)
{
    const struct screen_state *state = screen->state;

    return screen->listed         ? screen->listed->area
           : state && state->area ? state->area
                                  : "";
}

const char *roster_groups(const struct roster_screen *screen)
{
    const struct screen_state *state = screen->state;

    return screen->listed           ? screen->listed->groups
           : state && state->groups ? state->groups
                                    : "";
}

bool roster_covers(const struct roster_screen *screen, const char *scope)
{
    return inventory_texts_cover(screen->id, roster_area(screen),
                                 roster_groups(screen), scope);
}

static void put_note(char out[ROSTER_NOTES_BYTES], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put_note(char out[ROSTER_NOTES_BYTES], const char *format, ...)
{
    size_t used = strlen(out);
    va_list list;

    if (used > 0 && used + 8 < ROSTER_NOTES_BYTES) {
        strcpy(out + used, tr(", "));
        used += strlen(tr(", "));
    }
    va_start(list, format);
    tr_format(out + used, ROSTER_NOTES_BYTES - used, format, list);
    va_end(list);
}

/* The area or the groups that it has are not those that it should have. */
static bool lies_elsewhere(const struct roster_screen *screen)
{
    const struct screen_state *state = screen->state;

    return screen->listed && screen->listed->area[0] && state->area &&
           strcmp(screen->listed->area, state->area) != 0;
}

bool roster_certificate_ends(const struct roster_screen *screen, int64_t now_ms)
{
    return screen->state &&
           certificate_ends_soon(screen->state->certificate_until_ms, now_ms);
}

void roster_notes(const struct roster_screen *screen, int64_t now_ms,
                  char out[ROSTER_NOTES_BYTES])
{
    const struct screen_state *state = screen->state;
    char end[CERTIFICATE_WORDS_BYTES];

    out[0] = '\0';
    if (!state)
        return;
    if (state->glass)
        put_note(out, "glass %.40s", state->glass);
    if (state->safe_mode)
        put_note(out, "safe mode");
    if (state->missing > 0)
        put_note(out, "%d missing", state->missing);
    if (state->frozen)
        put_note(out, "frozen");
    if (!state->clock_trusted)
        put_note(out, "clock %.20s",
                 state->clock_reason ? state->clock_reason : tr("not trusted"));
    if (!state->store_ok)
        put_note(out, "no store");
    if (state->line_problem)
        put_note(out, "line %.40s", state->line_problem);
    if (state->throttled)
        put_note(out, "%.60s", state->throttled);
    if (roster_certificate_ends(screen, now_ms)) {
        certificate_end_describe(state->certificate_until_ms, now_ms, end);
        put_note(out, "certificate %s", end);
    }
    if (lies_elsewhere(screen))
        put_note(out, "its own area is %.12s",
                 state->area[0] ? state->area : tr("none"));
}
