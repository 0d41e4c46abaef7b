"""A desktop that shows notices: each one as a line of JSON. Stands on PyPI's jeepney."""
import json
import sys

from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call, new_method_return
from jeepney.io.blocking import open_dbus_connection

NAME = "org.freedesktop.Notifications"

bus = open_dbus_connection(bus=sys.argv[1])
daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
bus.send_and_get_reply(new_method_call(daemon, "RequestName", "su", (NAME, 0)))
print("ready", flush=True)
count = 0
while True:
    message = bus.receive()
    fields = message.header.fields
    if message.header.message_type != MessageType.method_call or fields.get(HeaderFields.member) != "Notify":
        continue
    count += 1
    program, _, _, summary, body, *_ = message.body
    print(json.dumps({"program": program, "summary": summary, "body": body}), flush=True)
    bus.send(new_method_return(message, "u", (count,)))
