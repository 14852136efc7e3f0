/* Runs a keeper for tests. */
#include "tests/support/keeper_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/folder.h"

/* A judge that believes everything. */
static struct board_intake recall(void *context, const struct slot_row *row,
                                  const struct moment *now)
{
    struct keeper_rig *rig = context;
    struct board_intake judged = {.effect = BOARD_ACCEPTED, .keep = true};

    (void)now;
    rig->recalled++;
    snprintf(judged.slot, sizeof judged.slot, "%s", row->slot);
    judged.seq = row->seq;
    judged.order_ms = row->order_ms;
    judged.ends_ms = row->ends_ms;
    return judged;
}

static bool holds(void *context, enum slot_class class, const char *slot,
                  int64_t seq)
{
    (void)context, (void)class, (void)slot, (void)seq;
    return false;
}

static void raise_watermark(void *context, enum slot_class class,
                            const struct watermark *watermark)
{
    struct keeper_rig *rig = context;

    slot_table_raise_watermark(rig->slots, class, watermark);
    if (class == SLOT_ALERTS)
        rig->watermark_ms = watermark->order_ms;
}

void keeper_rig_stop(struct keeper_rig *rig)
{
    keeper_destroy(rig->keeper, &rig->now);
    slot_table_destroy(rig->slots);
    rig->keeper = NULL;
    rig->slots = NULL;
}

void keeper_rig_start(struct keeper_rig *rig)
{
    const struct keeper_judge judge = {
        .context = rig,
        .recall = recall,
        .raise_watermark = raise_watermark,
    };

    const struct slot_holder holder = {NULL, holds};

    rig->recalled = 0;
    rig->slots = slot_table_create(&holder);
    assert_non_null(rig->slots);
    rig->keeper = keeper_create(rig->file, rig->slots, &judge);
    assert_non_null(rig->keeper);
    keeper_start(rig->keeper, &rig->now);
}

int keeper_rig_open(void **state)
{
    static struct keeper_rig rig;

    rig = (struct keeper_rig){.folder = folder_make(),
                              .now = {.mono_ms = 1000}};
    rig.file = folder_path(rig.folder, "store.db");
    disk_install(rig.folder);
    disk_reset();
    *state = &rig;
    return rig.file ? 0 : -1;
}

int keeper_rig_close(void **state)
{
    struct keeper_rig *rig = *state;

    disk_set_fault(DISK_WELL);
    keeper_rig_stop(rig);
    folder_remove(rig->folder);
    free(rig->file);
    free(rig->folder);
    return 0;
}

void keeper_rig_put(struct keeper_rig *rig, const char *kind, const char *id,
                    const char *payload, int64_t seq, unsigned urgency)
{
    struct slot_row row = slot_rows_make(kind, id, payload, seq, seq);

    keeper_put(rig->keeper, &row, urgency);
}

void keeper_rig_turn(struct keeper_rig *rig, int64_t later_ms)
{
    rig->now.mono_ms += later_ms;
    keeper_before_frame(rig->keeper, &rig->now);
    keeper_behind_frame(rig->keeper, &rig->now);
}

struct slot_rows_loaded keeper_rig_on_disk(const struct keeper_rig *rig)
{
    return slot_rows_on_disk(rig->file);
}
