/* What a broker in a stranger's hands can try with messages that once were
 * genuine: each is refused with its reason, and the glass stays as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/limits.h"
#include "tests/support/broker.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/screen.h"
#include "tests/support/signer.h"

#define PANEL_TOPIC "gaoshi/1/erqi/down/all/panel/q01"
#define ALERT_TOPIC "gaoshi/1/erqi/down/all/alert/drill"

/* A screen that shows a panel, was shown a drill, and was told its end. */
struct siege {
    struct broker *broker;
    struct peer *peer; /* the operator, and the broker's own hand */
    struct signer *signer;
    struct screen *screen;
    char *folder;
    char *panel, *older_panel, *drill, *hasty; /* sealed */
};

static const struct signer_message panel = {
    .kind = "panel", .id = "q01", .seq = 7, .content = signer_figure};
static const struct signer_message older_panel = {
    .kind = "panel", .id = "q01", .seq = 6, .content = signer_figure};
static const struct signer_message drill = {.kind = "alert",
                                            .id = "drill",
                                            .seq = 1,
                                            .content = signer_drill,
                                            .expires_in_s = 3600};
static const struct signer_message drill_end = {.kind = "alert-cancel",
                                                .id = "drill",
                                                .seq = 2,
                                                .content = signer_drill_cancel};
static const struct signer_message hasty = {.kind = "panel",
                                            .id = "q01",
                                            .seq = LIMIT_SEQUENCE,
                                            .content = signer_figure};

static struct screen *start_screen(const struct siege *siege)
{
    const struct screen_options options = {
        .folder = siege->folder,
        .broker = broker_url(siege->broker),
        .trust = signer_file(siege->signer),
        .mode = "--headless",
        .size = "640x360",
    };

    return screen_start(&options);
}

static void publish(struct siege *siege, const char *topic, const char *text)
{
    assert_true(peer_publish(siege->peer, topic, text, strlen(text), true));
}

static int open_siege(void **state)
{
    struct siege *siege = calloc(1, sizeof *siege);

    if (!siege)
        return -1;
    *state = siege;
    siege->broker = broker_start(NULL);
    siege->folder = folder_make();
    siege->signer = signer_create(siege->folder, "operator");
    siege->peer = peer_connect(broker_url(siege->broker), "operator");
    siege->panel = signer_seal(siege->signer, &panel);
    siege->older_panel = signer_seal(siege->signer, &older_panel);
    siege->drill = signer_seal(siege->signer, &drill);
    siege->hasty = signer_seal(siege->signer, &hasty);
    siege->screen = start_screen(siege);
    publish(siege, PANEL_TOPIC, siege->panel);
    publish(siege, ALERT_TOPIC, siege->drill);
    assert_true(screen_wait(siege->screen, "shown", "drill", 1));
    assert_true(signer_publish(siege->signer, siege->peer, &drill_end));
    assert_true(screen_wait(siege->screen, "ended", "drill", 1));
    /* Its all-clear, too. */
    assert_true(screen_wait(siege->screen, "shown", "drill", 2));
    return 0;
}

static int close_siege(void **state)
{
    struct siege *siege = *state;
    int status = screen_stop(siege->screen);
    char *const sealed[] = {siege->panel, siege->older_panel, siege->drill,
                            siege->hasty};

    for (size_t i = 0; i < sizeof sealed / sizeof *sealed; i++)
        free(sealed[i]);
    peer_destroy(siege->peer);
    signer_destroy(siege->signer);
    broker_destroy(siege->broker);
    folder_remove(siege->folder);
    free(siege->folder);
    free(siege);
    return status;
}

/* What the journal says of the last refusal. */
static void expect_reason(struct siege *siege, const char *what,
                          const char *reason)
{
    char *journal = screen_journal(siege->screen);
    char *last = NULL;
    char wanted[80];

    for (char *at = journal; (at = strstr(at, "\"refused\"")) != NULL; at++)
        last = at;
    snprintf(wanted, sizeof wanted, "\"reason\":\"%s\"", reason);
    assert_non_null(last);
    last[strcspn(last, "\n")] = '\0';
    if (!strstr(last, wanted))
        fail_msg("%s: refused otherwise than for %s: %s", what, reason, last);
    free(journal);
}

static void attacks_are_refused_each_with_its_reason(void **state)
{
    struct siege *siege = *state;
    const struct {
        const char *what, *topic, *text, *id, *reason;
    } attacks[] = {
        {"rolled back", PANEL_TOPIC, siege->older_panel, "q01", "stale"},
        {"raised again after its end", ALERT_TOPIC, siege->drill, "drill",
         "stale"},
        {"moved to another slot", "gaoshi/1/erqi/down/all/panel/q02",
         siege->panel, "q02", "topic"},
        {"moved to another scope",
         "gaoshi/1/erqi/down/screen-lobby-1/panel/q01", siege->panel, "q01",
         "topic"},
        {"made an alert of", "gaoshi/1/erqi/down/all/alert/q01", siege->panel,
         "q01", "topic"},
        {"emptied", PANEL_TOPIC, "", "q01", "syntax"},
        {"run ahead for ever", PANEL_TOPIC, siege->hasty, "q01", "stale"},
    };
    const int shown = screen_count(siege->screen, "shown", "drill");

    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        const char *id = attacks[i].id;
        int before = screen_count(siege->screen, "refused", id);
        publish(siege, attacks[i].topic, attacks[i].text);
        if (!screen_wait(siege->screen, "refused", id, before + 1))
            fail_msg("%s: not refused", attacks[i].what);
        expect_reason(siege, attacks[i].what, attacks[i].reason);
    }
    assert_int_equal(screen_count(siege->screen, "verified", "q01"), 1);
    assert_int_equal(screen_count(siege->screen, "shown", "drill"), shown);
    assert_int_equal(screen_count(siege->screen, "ended", "q01"), 0);
}

/* No promise rests on what MQTT says beside the bytes. */
static void properties_of_mqtt_change_nothing(void **state)
{
    struct siege *siege = *state;
    char port[16];
    char *file = folder_path(siege->folder, "payload");
    const char *const words[] = {"/usr/bin/mosquitto_pub",
                                 "-p",
                                 port,
                                 "-t",
                                 PANEL_TOPIC,
                                 "-f",
                                 file,
                                 "-q",
                                 "2",
                                 "-V",
                                 "5",
                                 "-D",
                                 "publish",
                                 "message-expiry-interval",
                                 "1",
                                 "-D",
                                 "publish",
                                 "content-type",
                                 "text/html",
                                 "-D",
                                 "publish",
                                 "user-property",
                                 "kind",
                                 "panel-removal",
                                 "-D",
                                 "publish",
                                 "response-topic",
                                 ALERT_TOPIC,
                                 NULL};
    const struct signer_message fence = {
        .kind = "panel", .id = "q09", .seq = 1, .content = signer_figure};

    snprintf(port, sizeof port, "%d", broker_port(siege->broker));
    assert_true(folder_write(siege->folder, "payload", siege->panel));
    assert_int_equal(process_wait(process_start(words, NULL, -1)), 0);
    assert_true(signer_publish(siege->signer, siege->peer, &fence));
    assert_true(screen_wait(siege->screen, "verified", "q09", 1));
    assert_int_equal(screen_count(siege->screen, "verified", "q01"), 1);
    assert_int_equal(screen_count(siege->screen, "refused", "q01"), 0);
    assert_int_equal(screen_count(siege->screen, "ended", "q01"), 0);
    free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            attacks_are_refused_each_with_its_reason, open_siege, close_siege),
        cmocka_unit_test_setup_teardown(properties_of_mqtt_change_nothing,
                                        open_siege, close_siege),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
