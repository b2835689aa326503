"""Pages that show one island each, and a stream of events to listen to."""

from collections.abc import Iterator

from flask import Blueprint, Response, jsonify, render_template_string, request

from webapp.core.feature import Feature
from webapp.core.permissions import signed_in

bp = Blueprint("playground", __name__, url_prefix="/playground")
KEPT: dict[str, str] = {}

FORM = """
{% extends "layout.html" %}
{% block heading %}Form{% endblock heading %}
{% block content %}
<form method="post" action="/playground/form" data-island="form" data-draft="play" data-draft-url="/playground/draft"
      data-rendered-at="0" data-context='{"case": {"kind": "new"}}'>
  <input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
  <div data-restored hidden>Restored <button type="button" data-discard>Discard</button></div>
  <label><input type="radio" name="outcome" value="refused">Refused</label>
  <label><input type="radio" name="outcome" value="agreed">Agreed</label>
  <div id="reason" data-hide-if='=outcome != "refused"'><input name="reason" aria-label="Reason"></div>
  <div id="rival" data-hide-if='=reason = null or price &lt;= 100'><input name="rival" aria-label="Rival"></div>
  <div id="old" data-hide-if='=case.kind = "new"'>Old</div>
  <div id="broken" data-hide-if='=)('>Broken</div>
  <input name="price" data-type="number" aria-label="Price" value="0">
  <textarea name="note" aria-label="Note"></textarea>
  <button>Send</button>
</form>
{% endblock content %}
"""

DRAWING = """
{% extends "layout.html" %}
{% block heading %}Drawing{% endblock heading %}
{% block main_class %}fill{% endblock main_class %}
{% block content %}
<div class="canvas" data-island="diagram" data-xml="/playground/drawing.bpmn" data-marks="/playground/marks"></div>
{% endblock content %}
"""

BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC">
  <bpmn:process id="p" isExecutable="true">
    <bpmn:task id="call" name="Call"/><bpmn:task id="visit" name="Visit"/></bpmn:process>
  <bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="pl" bpmnElement="p">
    <bpmndi:BPMNShape id="s1" bpmnElement="call"><dc:Bounds x="0" y="0" width="100" height="80"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s2" bpmnElement="visit"><dc:Bounds x="200" y="0" width="100" height="80"/></bpmndi:BPMNShape>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>"""


@bp.get("/form")
@signed_in
def show_form() -> str:
    return render_template_string(FORM)


@bp.post("/form")
@signed_in
def take_form() -> str:
    return render_template_string(FORM.replace("Form{%", "Taken{%"))


@bp.post("/draft")
@signed_in
def keep_draft() -> Response:
    KEPT.clear()
    KEPT.update(request.form.to_dict())
    return jsonify(kept=True)


@bp.get("/drawing")
@signed_in
def show_drawing() -> str:
    return render_template_string(DRAWING)


@bp.get("/drawing.bpmn")
@signed_in
def show_bpmn() -> Response:
    return Response(BPMN, mimetype="application/xml")


@bp.get("/marks")
@signed_in
def show_marks() -> Response:
    tokens = [{"element": "visit", "text": "2", "tone": "warn"}, {"element": "gone", "text": "1"}]
    return jsonify(done=["call"], here=["visit", "gone"], tokens=tokens)


@bp.get("/stream")
@signed_in
def stream() -> Response:
    def events() -> Iterator[str]:
        yield 'data: {"type": "greeting", "text": "hello"}\n\n'

    return Response(events(), mimetype="text/event-stream")


PLAYGROUND = Feature("playground", blueprints=(bp,), live="playground.stream")
