/* Asks the kernel directly: SDL has the card open, and a library for five
 * requests would be loaded by screens that never need it. */
#include "display/edge/render/outputs_drm.h"

#include <drm.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

enum {
    CONNECTORS_MAX = 32,
    PROPERTIES_MAX = 64,
    CONNECTED = 1, /* drm_mode_get_connector.connection */
    DPMS_ON = 0,
    DPMS_OFF = 3,
};

int outputs_drm_ask(int fd, unsigned long request, void *argument)
{
    int result;

    do
        result = ioctl(fd, request, argument);
    while (result < 0 && (errno == EINTR || errno == EAGAIN));
    return result;
}

struct card {
    int fd;
    outputs_drm_control *control;
};

static bool ask(const struct card *card, unsigned long request, void *argument)
{
    return card->control(card->fd, request, argument) == 0;
}

/* The property «DPMS» of a connected output; 0: it has none. */
static uint32_t find_dpms(const struct card *card, uint32_t output)
{
    uint32_t properties[PROPERTIES_MAX];
    uint64_t values[PROPERTIES_MAX];
    struct drm_mode_modeinfo mode;
    /* Asked for no modes at all, the kernel would probe the output for them. */
    struct drm_mode_get_connector connector = {
        .connector_id = output,
        .modes_ptr = (uintptr_t)&mode,
        .count_modes = 1,
        .props_ptr = (uintptr_t)properties,
        .prop_values_ptr = (uintptr_t)values,
        .count_props = PROPERTIES_MAX,
    };

    if (!ask(card, DRM_IOCTL_MODE_GETCONNECTOR, &connector) ||
        connector.connection != CONNECTED ||
        connector.count_props > PROPERTIES_MAX)
        return 0;
    for (uint32_t i = 0; i < connector.count_props; i++) {
        struct drm_mode_get_property property = {.prop_id = properties[i]};
        if (ask(card, DRM_IOCTL_MODE_GETPROPERTY, &property) &&
            strncmp(property.name, "DPMS", sizeof property.name) == 0)
            return properties[i];
    }
    return 0;
}

int outputs_drm_set_lit(int fd, outputs_drm_control *control, bool lit)
{
    const struct card card = {fd, control};
    uint32_t outputs[CONNECTORS_MAX];
    struct drm_mode_card_res resources = {
        .connector_id_ptr = (uintptr_t)outputs,
        .count_connectors = CONNECTORS_MAX,
    };
    int switched = 0;

    if (!ask(&card, DRM_IOCTL_MODE_GETRESOURCES, &resources) ||
        resources.count_connectors > CONNECTORS_MAX)
        return 0;
    for (uint32_t i = 0; i < resources.count_connectors; i++) {
        struct drm_mode_connector_set_property change = {
            .value = lit ? DPMS_ON : DPMS_OFF,
            .prop_id = find_dpms(&card, outputs[i]),
            .connector_id = outputs[i],
        };
        switched += change.prop_id != 0 &&
                    ask(&card, DRM_IOCTL_MODE_SETPROPERTY, &change);
    }
    return switched;
}
