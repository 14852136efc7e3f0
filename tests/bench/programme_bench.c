/* What a programme with schedules costs: the memory of its panels, accepting
 * one, and a turn of the loop in which nothing changes or a page follows. The
 * cost of a turn must not grow with the number of panels. And what the table of
 * slots costs that remembers them.
 *
 * usage: programme_bench [slots N | pages N]
 *   slots N: only the table, with N panels
 *   pages N: only PAGES pages, one after the other, of N panels without hours
 */
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/timestamp.h"
#include "display/core/validation/slot_table.h"
#include "tests/support/bare_programme.h"

enum { TURNS = 200000, PAGES = 1000 };

static int64_t clock_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static struct message *make_panel(int number, bool timed)
{
    struct message *message = NULL;
    struct problem problem = {0};
    char text[1024], hours[64] = "";

    if (timed)
        snprintf(hours, sizeof hours, "\"hours\":[\"%02d:%02d-23:%02d\"],",
                 number % 12, number % 60, number % 60);
    snprintf(text, sizeof text,
             "{\"gaoshi\":1,\"kind\":\"panel\",\"org\":\"erqi\",\"scope\":"
             "\"all\",\"id\":\"p%05d\",\"seq\":%d,\"issued\":"
             "\"2026-09-01T00:00:00+08:00\",\"panel\":{\"template\":\"figure\","
             "\"section\":\"quality\",\"title\":\"建成区面积\",\"figures\":"
             "[{\"value\":68.45,\"unit\":\"平方公里\"}],\"schedule\":{"
             "%s\"weight\":%d}}}",
             number * 7919 % 100000, number + 1, hours, 1 + number % 3);
    if (!message_parse(text, strlen(text), MESSAGE_WIRE, "bench", &message,
                       &problem)) {
        fprintf(stderr, "%s\n", problem.expected);
        exit(1);
    }
    return message;
}

/* Nanoseconds for each turn, step_ms after the one before. */
static double measure(struct bare_programme *rig, int64_t step_ms)
{
    int64_t start_ns = clock_ns();

    for (int i = 0; i < TURNS; i++)
        bare_programme_step(rig, step_ms);
    return (double)(clock_ns() - start_ns) / TURNS;
}

static void begin(struct bare_programme *bare, struct calendar *calendar,
                  int panels)
{
    bare_programme_init(bare, calendar, (size_t)panels);
    timestamp_parse("2026-09-20T12:00:00+08:00", &bare->now.wall_ms);
}

/* Not inlined, so that callgrind can count them (--toggle-collect). */
__attribute__((noinline)) void show_pages(struct bare_programme *rig,
                                          int count);
__attribute__((noinline)) void take_panel(struct bare_programme *rig,
                                          struct message *message);

void show_pages(struct bare_programme *rig, int count)
{
    for (int i = 0; i < count; i++)
        bare_programme_step(rig, BARE_PAGE_MS);
}

void take_panel(struct bare_programme *rig, struct message *message)
{
    bare_programme_take(rig, message);
}

static void run_pages(struct calendar *calendar, int panels)
{
    struct bare_programme rig;

    begin(&rig, calendar, panels);
    for (int i = 0; i < panels; i++)
        take_panel(&rig, make_panel(i, false));
    show_pages(&rig, PAGES);
    bare_programme_finish(&rig);
}

static void run(struct calendar *calendar, int panels)
{
    struct message **messages = calloc((size_t)panels, sizeof *messages);
    struct bare_programme rig;

    begin(&rig, calendar, panels);
    size_t before = mallinfo2().uordblks;
    for (int i = 0; i < panels; i++)
        messages[i] = make_panel(i, true);
    size_t parsed = mallinfo2().uordblks - before;
    bare_programme_turn(&rig);
    int64_t start_ns = clock_ns();
    for (int i = 0; i < panels; i++)
        take_panel(&rig, messages[i]);
    double accept = (double)(clock_ns() - start_ns) / panels;
    size_t kept = mallinfo2().uordblks - before - parsed;
    /* 200,000 turns of 1 ms: nothing changes; then one page for each turn. */
    double still = measure(&rig, 1);
    rig.now.wall_ms -= 3600 * 1000;
    bare_programme_turn(&rig);
    double page = measure(&rig, BARE_PAGE_MS);
    printf("{\"bench\": \"programme\", \"what\": \"%d panels\", "
           "\"accept_ns\": %.0f, \"turn_ns\": %.0f, \"page_ns\": %.0f, "
           "\"messages_kib\": %zu, \"programme_kib\": %zu}\n",
           panels, accept, still, page, parsed / 1024, kept / 1024);
    bare_programme_finish(&rig);
    free(messages);
}

enum { PAYLOAD_BYTES = 900, NAME_BYTES = 64, TOPIC_BYTES = 128 };

static bool holds(void *context, enum slot_class class, const char *slot,
                  int64_t seq)
{
    (void)context, (void)class, (void)slot, (void)seq;
    return true;
}

static struct slot_row row_of(int number, char name[NAME_BYTES],
                              char topic[TOPIC_BYTES], char *payload)
{
    snprintf(name, NAME_BYTES, "panel/all/p%05d", number * 7919 % 100000);
    snprintf(topic, TOPIC_BYTES, "gaoshi/1/erqi/down/all/panel/p%05d",
             number * 7919 % 100000);
    return (struct slot_row){.slot = name,
                             .topic = topic,
                             .payload = payload,
                             .bytes = PAYLOAD_BYTES,
                             .seq = number + 1,
                             .received_ms = TIMESTAMP_NONE,
                             .order_ms = number + 1,
                             .ends_ms = INT64_MAX};
}

/* What the board and the feed ask of the table for each panel. Not inlined:
 * tests/test_slot_count.sh counts its instructions. */
__attribute__((noinline)) void accept_slots(struct slot_table *table,
                                            int panels, char *payload);
void accept_slots(struct slot_table *table, int panels, char *payload)
{
    for (int i = 0; i < panels; i++) {
        char name[NAME_BYTES], topic[TOPIC_BYTES];
        const struct slot_row row = row_of(i, name, topic, payload);
        const struct slot_mark mark = {.class = SLOT_PANELS,
                                       .key_id = "a1e9156054e04fac",
                                       .body_hash = (uint64_t)i,
                                       .seq = row.seq,
                                       .order_ms = row.order_ms};
        if (slot_table_judge(table, name, &mark) != SLOT_NEW)
            exit(1);
        slot_table_note(table, name, &mark);
        if (!slot_table_put(table, &row) || !slot_table_next_unwritten(table))
            exit(1);
    }
}

static void run_slots(int panels)
{
    static const struct slot_holder holder = {NULL, holds};
    char payload[PAYLOAD_BYTES];
    size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    struct slot_table *table = slot_table_create(&holder);

    memset(payload, 'x', sizeof payload);
    size_t empty = mallinfo2().uordblks + mallinfo2().hblkhd - before;
    int64_t start_ns = clock_ns();
    accept_slots(table, panels, payload);
    double accept = (double)(clock_ns() - start_ns) / panels;
    slot_table_end_writing(table, true);
    size_t full = mallinfo2().uordblks + mallinfo2().hblkhd - before;
    slot_table_destroy(table);
    /* A start: the rows of the file are ordered and judged. */
    table = slot_table_create(&holder);
    const struct slot_row *fresh;
    start_ns = clock_ns();
    for (int i = 0; i < panels; i++) {
        char name[NAME_BYTES], topic[TOPIC_BYTES];
        const struct slot_row row = row_of(i, name, topic, payload);
        slot_table_load(table, &row);
    }
    while ((fresh = slot_table_next_fresh(table)))
        slot_table_settle(table, fresh, fresh);
    double start = (double)(clock_ns() - start_ns) / panels;
    printf("%6d slots   accept %7.0f ns  a start %5.0f ns each  memory %zu KiB "
           "empty, %zu KiB with rows of %d bytes\n",
           panels, accept, start, empty / 1024, full / 1024, PAYLOAD_BYTES);
    slot_table_destroy(table);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "slots") == 0) {
        run_slots(atoi(argv[2]));
        return 0;
    }

    struct calendar *calendar = calloc(1, sizeof *calendar);

    if (!calendar || !zone_read("Asia/Shanghai", &calendar->zone))
        return 1;
    if (argc == 3 && strcmp(argv[1], "pages") == 0) {
        run_pages(calendar, atoi(argv[2]));
        free(calendar);
        return 0;
    }
    for (int panels = 10; panels <= 10000; panels *= 10)
        run(calendar, panels);
    for (int panels = 10; panels <= 10000; panels *= 10)
        run_slots(panels);
    free(calendar);
    return 0;
}
