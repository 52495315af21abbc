#!/usr/bin/python3
"""Writes what hotdoc's GStreamer extension wants to know of the plugin, as gst_plugins_cache.json.

    docs/plugins/plugins_cache.py            writes the file beside this script
    docs/plugins/plugins_cache.py --check    ends with 1 where that file is not up to date (a test)

Needs Debian's python3-gi and gir1.2-gstreamer-1.0, and GST_PLUGIN_PATH if the plugin is not installed.

The pages themselves are not built or tested here: Debian 12 has no hotdoc, that of PyPI (0.18.3) fetches
its theme from GitHub while pip builds it, and an older one (0.15.1, with setuptools below 60, libjson-glib-dev,
flex and cmake) installs, but does not load its GStreamer extension from the command line.
"""
import json
import pathlib
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GObject, Gst  # noqa: E402

CACHE = pathlib.Path(__file__).with_name("gst_plugins_cache.json")
PLUGIN = "cgancolorize"
MUTABLE = [(Gst.PARAM_MUTABLE_PLAYING, "playing"), (Gst.PARAM_MUTABLE_PAUSED, "paused"),
           (Gst.PARAM_MUTABLE_READY, "ready")]


def ancestors(kind):
    names = []
    while kind and kind.name != "invalid":
        names.append(kind.name)
        kind = kind.parent
    return names


def text_of(value):
    """As the scanner of GStreamer writes defaults and limits."""
    if isinstance(value, bool):
        return str(value).lower()
    if hasattr(value, "value_nick"):
        return f"{value.value_nick} ({int(value)})"
    return f"{value:g}" if isinstance(value, float) else str(value)


def property_of(spec):
    flags = spec.flags
    known = {
        "blurb": spec.blurb,
        "conditionally-available": bool(flags & Gst.PARAM_CONDITIONALLY_AVAILABLE),
        "construct": bool(flags & GObject.ParamFlags.CONSTRUCT),
        "construct-only": bool(flags & GObject.ParamFlags.CONSTRUCT_ONLY),
        "controllable": bool(flags & Gst.PARAM_CONTROLLABLE),
        "mutable": next((name for flag, name in MUTABLE if flags & flag), "null"),
        "readable": bool(flags & GObject.ParamFlags.READABLE),
        "type": spec.value_type.name,
        "writable": bool(flags & GObject.ParamFlags.WRITABLE),
    }
    for key, name in [("default", "default_value"), ("min", "minimum"), ("max", "maximum")]:
        value = getattr(spec, name, None)
        if value is not None:
            known[key] = text_of(value)
    return known


def element_of(factory):
    element = factory.create(None)
    kind = GObject.type_from_name(type(element).__gtype__.name)
    specs = [spec for spec in GObject.list_properties(kind) if spec.owner_type == kind]
    enums = {}
    for spec in specs:
        if spec.value_type.is_a(GObject.TYPE_ENUM):
            enums[spec.value_type.name] = {
                "kind": "enum",
                "values": [{"desc": value.value_name, "name": value.value_nick, "value": str(int(value))}
                           for _, value in sorted(spec.enum_class.__enum_values__.items())]}
    return enums, {
        "author": factory.get_metadata("author"),
        "description": factory.get_metadata("description"),
        "hierarchy": ancestors(kind),
        "interfaces": [one.name for one in kind.interfaces],
        "klass": factory.get_metadata("klass"),
        "long-name": factory.get_metadata("long-name"),
        "pad-templates": {
            template.name_template: {
                # Without its line breaks, which differ between versions of GStreamer.
                "caps": template.get_caps().to_string(),
                "direction": template.direction.value_nick,
                "presence": template.presence.value_nick,
            } for template in factory.get_static_pad_templates()},
        "properties": {spec.name: property_of(spec) for spec in specs},
        "rank": "none" if factory.get_rank() == Gst.Rank.NONE else str(factory.get_rank()),
    }


def cache():
    Gst.init(None)
    plugin = Gst.Registry.get().find_plugin(PLUGIN)
    if plugin is None:
        sys.exit(f"GStreamer does not find the plugin {PLUGIN}: set GST_PLUGIN_PATH.")
    elements, others = {}, {}
    for feature in Gst.Registry.get().get_feature_list_by_plugin(PLUGIN):
        if isinstance(feature, Gst.ElementFactory):
            enums, elements[feature.get_name()] = element_of(feature)
            others.update(enums)
    known = {PLUGIN: {
        "description": plugin.get_description(),
        "elements": elements,
        "filename": pathlib.Path(plugin.get_filename()).stem.removeprefix("lib"),
        "license": plugin.get_license(),
        "other-types": others,
        "package": plugin.get_package(),
        "source": plugin.get_source(),
        "tracers": {},
        "url": plugin.get_origin(),
    }}
    return json.dumps(known, indent=4, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        if CACHE.read_text() != cache():
            sys.exit(f"{CACHE.name} is not what the plugin says: run docs/plugins/plugins_cache.py.")
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        CACHE.write_text(cache())
