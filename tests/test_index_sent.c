/* The index on the wire: every command sends it behind its own messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/publisher_fixture.h"

/* The n-th index that the peer heard, from 0. */
static struct message *heard_index(struct publisher_fixture *publisher,
                                   struct peer *screen, size_t n)
{
    const struct peer_message *got;

    for (size_t i = 0; (got = peer_wait_message(screen, i)) != NULL; i++) {
        struct topic topic;
        if (topic_parse(got->topic, &topic) && topic.kind == TOPIC_INDEX &&
            n-- == 0)
            return publisher_open_message(publisher, got);
    }
    fail_msg("no index came");
    return NULL;
}

static void a_command_sends_its_messages_and_then_their_index(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");
    struct peer *screen = publisher_screen(publisher);

    PUBLISHER_SEND(publisher, "panel", "push", file, "--scope", "area-410103");
    assert_int_equal(publisher->result.code, 0);
    /* An operator counts the messages of his own. */
    assert_null(strstr(publisher->result.out, "index"));
    struct message *panel = publisher_heard(publisher, screen, 0);
    struct message *area = heard_index(publisher, screen, 0);
    struct message *all = heard_index(publisher, screen, 1);
    assert_string_equal(area->scope, "area-410103");
    assert_int_equal(area->index->entries[0].seq, panel->seq);
    assert_true(area->seq > panel->seq);
    assert_string_equal(all->scope, "all");
    assert_int_equal(all->index->scopes[0].seq, area->seq);
    assert_true(all->seq > area->seq);
    message_destroy(panel);
    message_destroy(area);
    message_destroy(all);
    peer_destroy(screen);
    free(file);
}

static void a_dry_run_prints_no_index(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");

    PUBLISHER_SEND(publisher, "panel", "push", file, "--dry-run");
    assert_int_equal(publisher->result.code, 0);
    assert_null(strstr(publisher->result.out, "index"));
    free(file);
}

static void what_the_broker_refused_is_taken_back_from_the_index(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");

    publisher_use_broker(publisher,
                         "topic read #\n"
                         "topic write gaoshi/1/erqi/down/all/index/+\n");
    struct peer *screen = publisher_screen(publisher);
    PUBLISHER_SEND(publisher, "panel", "push", file);
    publisher_expect(publisher, 4, "the broker refused it");
    struct message *first = heard_index(publisher, screen, 0);
    struct message *second = heard_index(publisher, screen, 1);
    assert_int_equal(first->index->count, 1);
    assert_int_equal(second->index->count, 0);
    message_destroy(first);
    message_destroy(second);
    peer_destroy(screen);
    free(file);
}

#define WITH_PUBLISHER(name)                                                   \
    cmocka_unit_test_setup_teardown(name, publisher_open, publisher_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PUBLISHER(a_command_sends_its_messages_and_then_their_index),
        WITH_PUBLISHER(a_dry_run_prints_no_index),
        WITH_PUBLISHER(what_the_broker_refused_is_taken_back_from_the_index),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
