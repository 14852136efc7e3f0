/* The outputs of a card without a display server, against a card that answers
 * as the kernel does. */
#include "display/edge/render/outputs_drm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <drm.h>

#include <cmocka.h>

enum { CARD = 7, OUTPUTS = 3, DPMS_ON = 0, DPMS_OFF = 3 };

/* The first is connected, the second is not, the third has no DPMS. */
static const struct output {
    uint32_t id, connection, properties[2];
} outputs[OUTPUTS] = {
    {31, 1, {2, 5}},
    {32, 2, {2, 5}},
    {33, 1, {5, 6}},
};

static struct {
    bool fails;          /* every request */
    uint64_t dpms;       /* of the first output */
    int changes, probes; /* requests to change; connectors asked for no modes */
} card;

static const struct output *find(uint32_t id)
{
    for (int i = 0; i < OUTPUTS; i++)
        if (outputs[i].id == id)
            return &outputs[i];
    fail_msg("output %u", id);
    return NULL;
}

static void put(uint64_t to, const uint32_t *from, uint32_t room,
                uint32_t count)
{
    if (room >= count)
        memcpy((void *)(uintptr_t)to, from, count * sizeof *from);
}

static int answer(int fd, unsigned long request, void *argument)
{
    assert_int_equal(fd, CARD);
    if (card.fails)
        return -1;
    if (request == DRM_IOCTL_MODE_GETRESOURCES) {
        struct drm_mode_card_res *resources = argument;
        const uint32_t ids[OUTPUTS] = {31, 32, 33};
        put(resources->connector_id_ptr, ids, resources->count_connectors,
            OUTPUTS);
        resources->count_connectors = OUTPUTS;
    } else if (request == DRM_IOCTL_MODE_GETCONNECTOR) {
        struct drm_mode_get_connector *connector = argument;
        const struct output *output = find(connector->connector_id);
        card.probes += connector->count_modes == 0;
        put(connector->props_ptr, output->properties, connector->count_props,
            2);
        connector->count_props = 2;
        connector->connection = output->connection;
    } else if (request == DRM_IOCTL_MODE_GETPROPERTY) {
        struct drm_mode_get_property *property = argument;
        snprintf(property->name, sizeof property->name, "%s",
                 property->prop_id == 2 ? "DPMS" : "EDID");
    } else if (request == DRM_IOCTL_MODE_SETPROPERTY) {
        struct drm_mode_connector_set_property *change = argument;
        assert_int_equal(change->connector_id, 31);
        assert_int_equal(change->prop_id, 2);
        card.dpms = change->value;
        card.changes++;
    } else {
        fail_msg("request %lx", request);
    }
    return 0;
}

static void what_is_connected_is_switched_off_and_on_again(void **state)
{
    (void)state;
    memset(&card, 0, sizeof card);
    assert_int_equal(outputs_drm_set_lit(CARD, answer, false), 1);
    assert_int_equal(card.dpms, DPMS_OFF);
    assert_int_equal(outputs_drm_set_lit(CARD, answer, true), 1);
    assert_int_equal(card.dpms, DPMS_ON);
    assert_int_equal(card.changes, 2);
    assert_int_equal(card.probes, 0);
}

static void a_card_that_refuses_stays_as_it_is(void **state)
{
    (void)state;
    memset(&card, 0, sizeof card);
    card.fails = true;
    assert_int_equal(outputs_drm_set_lit(CARD, answer, false), 0);
    assert_int_equal(card.changes, 0);
    /* Nor is a file that is no card taken for one. */
    assert_int_equal(outputs_drm_set_lit(-1, outputs_drm_ask, false), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_connected_is_switched_off_and_on_again),
        cmocka_unit_test(a_card_that_refuses_stays_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
