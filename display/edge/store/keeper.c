/* Keeps the file in step with memory: decides when to commit and when to try
 * again. */
#include "display/edge/store/keeper.h"

#include <stdlib.h>

#include "base/log.h"
#include "display/edge/store/store.h"
#include "display/edge/store/store_file.h"

/* Watermarks as they are in the file. */
struct file_watermarks {
    struct watermarks of[SLOT_CLASS_COUNT];
    bool stray; /* it has more, which memory no longer has */
};

struct keeper {
    const char *file;
    struct keeper_judge judge;
    struct slot_table *slots; /* borrowed */
    struct store *store;      /* NULL: it failed or was not opened yet */
    bool told_failure;
    bool judged_any; /* since keeper_behind_frame began */
    unsigned taken_up, refused;

    bool waits;             /* rows must be written */
    bool unfinished;        /* a part was written, the rest follows at once */
    unsigned urgency;       /* urgency of the waiting rows */
    int64_t quiet_until_ms; /* monotonic, like all below */
    int64_t tokens, tokens_ms; /* commits left at tokens_ms */
    int64_t retry_ms, step_ms;
    int64_t well_since_ms; /* INT64_MAX: it is not */
    int64_t look_ms;
    struct file_watermarks watermarks;
    struct keeper_figures figures;
};

struct keeper *keeper_create(const char *file, struct slot_table *slots,
                             const struct keeper_judge *judge)
{
    struct keeper *keeper = calloc(1, sizeof *keeper);

    if (!keeper)
        return NULL;
    keeper->file = file;
    keeper->judge = *judge;
    keeper->slots = slots;
    keeper->tokens = KEEPER_BURST;
    keeper->step_ms = KEEPER_RETRY_MS;
    keeper->well_since_ms = INT64_MAX;
    keeper->retry_ms = file[0] ? INT64_MIN : INT64_MAX;
    keeper->quiet_until_ms = keeper->tokens_ms = INT64_MIN;
    return keeper;
}

/* Logs only when the state changes, not each failure. */
static void note_failure(struct keeper *keeper, const struct problem *problem,
                         const struct moment *now)
{
    store_close(keeper->store);
    keeper->store = NULL;
    if (now->mono_ms - keeper->well_since_ms >= KEEPER_STEADY_MS)
        keeper->step_ms = KEEPER_RETRY_MS;
    keeper->well_since_ms = INT64_MAX;
    keeper->retry_ms = now->mono_ms + keeper->step_ms;
    keeper->step_ms *= 2;
    if (keeper->step_ms > KEEPER_RETRY_MAX_MS)
        keeper->step_ms = KEEPER_RETRY_MAX_MS;
    if (!keeper->told_failure)
        log_write(LOG_WARNING,
                  "store: %s; the screen goes on from memory and tries again",
                  problem->expected);
    keeper->told_failure = true;
}

static void note_success(struct keeper *keeper)
{
    if (keeper->told_failure)
        log_write(LOG_INFO, "store: it can be written again");
    keeper->told_failure = false;
}

static void load_row(void *context, const struct slot_row *row)
{
    struct keeper *keeper = context;

    slot_table_load(keeper->slots, row);
}

static void load_watermark(void *context, enum slot_class class,
                           const struct watermark *watermark)
{
    struct keeper *keeper = context;

    slot_table_load_watermark(keeper->slots, class, watermark);
    watermarks_raise(&keeper->watermarks.of[class], watermark);
}

static void judge_row(struct keeper *keeper, const struct slot_row *row,
                      const struct moment *now)
{
    struct board_intake judged = keeper->judge.recall(keeper->judge.context,
                                                      row, now);
    struct slot_row judged_row = *row;

    judged_row.slot = judged.slot;
    judged_row.seq = judged.seq;
    judged_row.order_ms = judged.order_ms;
    judged_row.ends_ms = judged.ends_ms;
    if (judged.effect == BOARD_REFUSED)
        keeper->refused++;
    else
        keeper->taken_up++;
    slot_table_settle(keeper->slots, row, judged.keep ? &judged_row : NULL);
    keeper->judged_any = true;
}

static void judge_fresh(struct keeper *keeper, const struct moment *now)
{
    const struct slot_row *row;

    while ((row = slot_table_next_fresh(keeper->slots)) != NULL)
        judge_row(keeper, row, now);
    for (int i = 0; i < SLOT_CLASS_COUNT; i++) {
        enum slot_class class = (enum slot_class)i;
        const struct watermarks *watermarks =
            slot_table_loaded_watermarks(keeper->slots, class);
        for (size_t k = 0; k < watermarks->count; k++)
            keeper->judge.raise_watermark(keeper->judge.context, class,
                                          &watermarks->items[k]);
    }
    slot_table_end_loading(keeper->slots);
}

/* Loads what can be read of a file that cannot be used now. */
static void rescue(struct keeper *keeper, const char *file,
                   const struct moment *now)
{
    const struct store_reader reader = {keeper, load_row, load_watermark};

    if (!store_rescue(file, &reader))
        return;
    judge_fresh(keeper, now);
    log_write(LOG_INFO, "store: the readable part of '%s' was loaded", file);
}

static void tell_damage(struct keeper *keeper, const struct moment *now)
{
    char aside[STORE_PATH_BYTES];

    log_write(LOG_WARNING,
              "store: '%s' was damaged; it was moved aside and a new one begun",
              keeper->file);
    if (store_file_aside(keeper->file, aside))
        rescue(keeper, aside, now);
}

static void forget_file(struct keeper *keeper)
{
    slot_table_forget_file(keeper->slots);
    keeper->watermarks = (struct file_watermarks){0};
}

static bool lacks(const struct watermarks *file,
                  const struct watermark *watermark)
{
    return watermark->order_ms > watermarks_find(file, watermark->key_id);
}

static bool watermarks_are_written(const struct keeper *keeper)
{
    if (keeper->watermarks.stray)
        return false;
    for (int i = 0; i < SLOT_CLASS_COUNT; i++) {
        const struct watermarks *memory =
            slot_table_watermarks(keeper->slots, (enum slot_class)i);
        for (size_t k = 0; k < memory->count; k++)
            if (lacks(&keeper->watermarks.of[i], &memory->items[k]))
                return false;
    }
    return true;
}

/* Within a transaction: writes the watermarks that the file lacks. */
static bool put_watermarks(struct keeper *keeper, struct problem *problem)
{
    bool stray = keeper->watermarks.stray;

    if (stray && !store_clear_watermarks(keeper->store, problem))
        return false;
    for (int i = 0; i < SLOT_CLASS_COUNT; i++) {
        enum slot_class class = (enum slot_class)i;
        const struct watermarks *memory = slot_table_watermarks(keeper->slots,
                                                                class);
        for (size_t k = 0; k < memory->count; k++)
            if ((stray ||
                 lacks(&keeper->watermarks.of[i], &memory->items[k])) &&
                !store_put_watermark(keeper->store, class, &memory->items[k],
                                     problem))
                return false;
    }
    return true;
}

/* The transaction was committed. */
static void note_watermarks(struct keeper *keeper)
{
    for (int i = 0; i < SLOT_CLASS_COUNT; i++)
        keeper->watermarks.of[i] = *slot_table_watermarks(keeper->slots,
                                                          (enum slot_class)i);
    keeper->watermarks.stray = false;
}

static bool is_written(const struct keeper *keeper)
{
    return watermarks_are_written(keeper) &&
           slot_table_is_written(keeper->slots) &&
           !slot_table_has_strays(keeper->slots);
}

/* Opens the file anew and compares it with memory. */
static bool reopen(struct keeper *keeper, const struct moment *now)
{
    const struct store_reader reader = {keeper, load_row, load_watermark};
    struct problem problem = {0};
    bool damaged = false;

    keeper->figures.attempts++;
    forget_file(keeper);
    bool opened = store_open(keeper->file, &keeper->store, &damaged, &problem);
    if (damaged)
        tell_damage(keeper, now);
    forget_file(keeper);
    if (!opened || !store_load(keeper->store, &reader, &problem)) {
        note_failure(keeper, &problem, now);
        return false;
    }
    judge_fresh(keeper, now);
    keeper->well_since_ms = now->mono_ms;
    keeper->look_ms = now->mono_ms + KEEPER_LOOK_MS;
    keeper->waits = keeper->unfinished = !is_written(keeper);
    if (!keeper->waits)
        note_success(keeper);
    return true;
}

static bool knows(void *context, const char *slot)
{
    return slot_table_keeps(context, slot);
}

/* Writes as many rows as one transaction may have. After the last of them it
 * deletes rows that memory no longer has. */
static bool put_rows(struct keeper *keeper, struct problem *problem)
{
    const struct slot_row *row;
    size_t bytes = 0;

    while (bytes < KEEPER_BATCH_BYTES &&
           (row = slot_table_next_unwritten(keeper->slots)) != NULL) {
        if (!store_put(keeper->store, row, problem))
            return false;
        bytes += row->bytes;
        keeper->figures.rows++;
    }
    return !slot_table_is_written(keeper->slots) ||
           !slot_table_has_strays(keeper->slots) ||
           store_sweep(keeper->store, knows, keeper->slots, problem);
}

static bool is_in_place(const struct keeper *keeper, struct problem *problem)
{
    return store_is_in_place(keeper->store) ||
           problem_set(problem, PROBLEM_SYSTEM,
                       "%s: somebody moved or removed it", keeper->file);
}

static bool write_batch(struct keeper *keeper, struct problem *problem)
{
    return is_in_place(keeper, problem) && put_watermarks(keeper, problem) &&
           put_rows(keeper, problem) && store_commit(keeper->store, problem);
}

static void note_written(struct keeper *keeper, const struct moment *now)
{
    note_watermarks(keeper);
    keeper->figures.commits++;
    keeper->quiet_until_ms = now->mono_ms + KEEPER_QUIET_MS;
    keeper->unfinished = !slot_table_is_written(keeper->slots);
    keeper->waits = keeper->unfinished;
    if (keeper->waits)
        return;
    slot_table_end_strays(keeper->slots);
    keeper->urgency = 0;
    note_success(keeper);
}

static void commit(struct keeper *keeper, const struct moment *now)
{
    struct problem problem = {0};
    bool done = write_batch(keeper, &problem);

    slot_table_end_writing(keeper->slots, done);
    if (done)
        note_written(keeper, now);
    else
        note_failure(keeper, &problem, now);
}

static void refill(struct keeper *keeper, const struct moment *now)
{
    if (keeper->tokens_ms == INT64_MIN || keeper->tokens == KEEPER_BURST)
        keeper->tokens_ms = now->mono_ms;
    int64_t more = (now->mono_ms - keeper->tokens_ms) / KEEPER_REFILL_MS;
    keeper->tokens_ms += more * KEEPER_REFILL_MS;
    keeper->tokens += more;
    if (keeper->tokens > KEEPER_BURST)
        keeper->tokens = KEEPER_BURST;
}

/* The monotonic time at which the waiting rows are due. */
static int64_t due_ms(const struct keeper *keeper)
{
    int64_t least = keeper->urgency & KEEPER_RESERVED ? 1 : KEEPER_RESERVE + 1;

    if (!keeper->waits)
        return INT64_MAX;
    if (keeper->unfinished)
        return INT64_MIN;
    if (keeper->urgency == 0)
        return keeper->quiet_until_ms;
    if (keeper->tokens >= least)
        return INT64_MIN;
    int64_t token_ms = keeper->tokens_ms +
                       (least - keeper->tokens) * KEEPER_REFILL_MS;
    return token_ms < keeper->quiet_until_ms ? token_ms
                                             : keeper->quiet_until_ms;
}

/* A commit that does not wait for the quiet time costs a token. */
static void commit_if_due(struct keeper *keeper, const struct moment *now)
{
    refill(keeper, now);
    if (!keeper->store || due_ms(keeper) > now->mono_ms)
        return;
    if (!keeper->unfinished && now->mono_ms < keeper->quiet_until_ms)
        keeper->tokens--;
    commit(keeper, now);
}

static void look_for_file(struct keeper *keeper, const struct moment *now)
{
    struct problem problem = {0};

    if (!keeper->store || now->mono_ms < keeper->look_ms)
        return;
    keeper->look_ms = now->mono_ms + KEEPER_LOOK_MS;
    if (is_in_place(keeper, &problem))
        return;
    note_failure(keeper, &problem, now);
}

void keeper_start(struct keeper *keeper, const struct moment *now)
{
    if (!keeper->file[0]) {
        log_write(LOG_INFO, "store: none; nothing survives a restart");
        return;
    }
    if (!reopen(keeper, now))
        rescue(keeper, keeper->file, now);
    if (keeper->store || keeper->taken_up + keeper->refused > 0)
        log_write(LOG_INFO, "store: %u messages loaded, %u no longer valid",
                  keeper->taken_up, keeper->refused);
}

void keeper_put(struct keeper *keeper, const struct slot_row *row,
                unsigned urgency)
{
    if (!keeper->file[0])
        return;
    if (!slot_table_put(keeper->slots, row)) {
        log_write(LOG_WARNING,
                  "store: no memory for '%s'; a restart will not "
                  "know it",
                  row->topic);
        return;
    }
    keeper->waits = true;
    keeper->urgency |= urgency;
}

void keeper_distrust(struct keeper *keeper)
{
    keeper->watermarks.stray = true;
    keeper->waits = true;
}

void keeper_before_frame(struct keeper *keeper, const struct moment *now)
{
    if (keeper->urgency & KEEPER_FIRST)
        commit_if_due(keeper, now);
}

bool keeper_behind_frame(struct keeper *keeper, const struct moment *now)
{
    keeper->judged_any = false;
    if (!keeper->store && now->mono_ms >= keeper->retry_ms)
        reopen(keeper, now);
    look_for_file(keeper, now);
    commit_if_due(keeper, now);
    return keeper->judged_any;
}

int64_t keeper_next_ms(const struct keeper *keeper)
{
    return keeper->store ? due_ms(keeper) : keeper->retry_ms;
}

bool keeper_is_well(const struct keeper *keeper)
{
    return keeper->store && !keeper->told_failure;
}

bool keeper_is_settled(const struct keeper *keeper)
{
    return keeper_is_well(keeper) && !keeper->waits;
}

struct keeper_figures keeper_figures(const struct keeper *keeper)
{
    return keeper->figures;
}

void keeper_destroy(struct keeper *keeper, const struct moment *now)
{
    if (!keeper)
        return;
    if (!keeper->store && keeper->file[0])
        reopen(keeper, now);
    while (keeper->store && keeper->waits)
        commit(keeper, now);
    store_close(keeper->store);
    free(keeper);
}
