#include "tests/support/bare_programme.h"

#include "base/timestamp.h"

static size_t one_page(void *context, const struct message *message,
                       const struct page_place *place)
{
    (void)context, (void)message, (void)place;
    return 1;
}

static int64_t one_dwell(void *context, const struct message *message,
                         const struct page_place *place, size_t page)
{
    (void)context, (void)message, (void)place, (void)page;
    return BARE_PAGE_MS;
}

void bare_programme_init(struct bare_programme *bare,
                         const struct calendar *calendar, size_t panels)
{
    const struct director_options options = {
        .plan = {NULL, one_page, one_dwell, NULL}};

    *bare =
        (struct bare_programme){.programme = programme_create(calendar, panels),
                                .director = director_create(&options),
                                .now = {.wall_trusted = true,
                                        .wall_confirmed = true,
                                        .floor_ms = TIMESTAMP_NONE}};
}

void bare_programme_finish(struct bare_programme *bare)
{
    director_destroy(bare->director);
    programme_destroy(bare->programme);
}

void bare_programme_turn(struct bare_programme *bare)
{
    const struct director_panel shown = director_panel(bare->director);
    struct director_stage stage = {.alert_count = 0};

    programme_advance(bare->programme, &bare->now, &bare->ended);
    stage.standing = programme_find(bare->programme, shown.id, shown.scope,
                                    shown.seq);
    for (int i = 0; i < GROUP_COUNT; i++)
        stage.panels[i] = programme_list(bare->programme, (enum panel_group)i);
    director_advance(bare->director, &stage, &bare->now);
    programme_next_ms(bare->programme, &bare->now);
}

void bare_programme_step(struct bare_programme *bare, int64_t step_ms)
{
    bare->now.mono_ms += step_ms;
    bare->now.wall_ms += step_ms;
    bare_programme_turn(bare);
}

enum board_effect bare_programme_take(struct bare_programme *bare,
                                      struct message *message)
{
    const struct arrival arrival = {true, TIMESTAMP_NONE, 0};
    struct problem problem = {0};
    enum board_effect effect = programme_take(bare->programme, message,
                                              &arrival, &bare->now,
                                              &bare->ended, &problem)
                                   .effect;

    bare_programme_turn(bare);
    return effect;
}
