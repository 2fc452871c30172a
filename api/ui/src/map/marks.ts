/** One WebGL program for each shape of a mark; shape says the type as much as colour does. */

import { NodeProgram, type ProgramInfo } from "sigma/rendering";
import type { NodeDisplayData, RenderParams } from "sigma/types";
import { colorToArray, floatColor } from "sigma/utils";
import type { Type } from "./drawing";

/**
 * How far a point is outside of the shape, where a disc has radius 1; all shapes have about the area of that disc.
 * What is between `-inf` and `hollow` is filled with the ground.
 */
const SHAPES: Record<Type, { outside: string; hollow: string }> = {
  Method: { outside: "length(p) - 1.0", hollow: "1.0" },
  Dataset: { outside: "max(abs(p.x), abs(p.y)) - 0.88", hollow: "1.0" },
  Concept: { outside: "length(p) - 1.0", hollow: "length(p) - 0.56" },
  Task: { outside: "(abs(p.x) + abs(p.y) - 1.28) * 0.7071", hollow: "1.0" },
  Metric: { outside: "max(abs(p.x) * 0.866 + p.y * 0.5, -p.y) - 0.72", hollow: "1.0" },
};

const VERTEX = `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec2 a_position;
attribute float a_size;
attribute float a_angle;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
varying vec4 v_color;
varying vec2 v_point;
varying float v_pixel;
const float bias = 255.0 / 254.0;
void main() {
  float radius = a_size * u_correctionRatio / u_sizeRatio * 2.0;
  vec2 corner = 3.4 * vec2(cos(a_angle), sin(a_angle));
  gl_Position = vec4((u_matrix * vec3(a_position + corner * radius, 1)).xy, 0, 1);
  v_point = corner;
  v_pixel = u_correctionRatio * 2.0 / radius;
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= bias;
}`;

/** The mark, softened over a pixel at its edge, with a rim of the ground around it that parts it from lines. */
const fragment = ({ outside, hollow }: (typeof SHAPES)[Type]): string => `
precision highp float;
uniform vec4 u_ground;
varying vec4 v_color;
varying vec2 v_point;
varying float v_pixel;
void main(void) {
  vec2 p = v_point;
  float outside = ${outside};
  #ifdef PICKING_MODE
  gl_FragColor = outside > v_pixel * 2.0 ? vec4(0.0) : v_color;
  #else
  float inner = ${hollow};
  vec4 fill = mix(u_ground, v_color, clamp(inner / v_pixel + 0.5, 0.0, 1.0));
  vec4 mark = mix(fill, u_ground, clamp(outside / v_pixel + 0.5, 0.0, 1.0));
  gl_FragColor = mix(mark, vec4(0.0), clamp((outside - v_pixel * 1.4) / v_pixel + 0.5, 0.0, 1.0));
  #endif
}`;

const UNIFORMS = ["u_sizeRatio", "u_correctionRatio", "u_matrix", "u_ground"] as const;
const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGLRenderingContext;

function program(type: Type) {
  return class Mark extends NodeProgram<(typeof UNIFORMS)[number]> {
    getDefinition() {
      return {
        VERTICES: 3,
        VERTEX_SHADER_SOURCE: VERTEX,
        FRAGMENT_SHADER_SOURCE: fragment(SHAPES[type]),
        METHOD: TRIANGLES,
        UNIFORMS,
        ATTRIBUTES: [
          { name: "a_position", size: 2, type: FLOAT },
          { name: "a_size", size: 1, type: FLOAT },
          { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
          { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
        ],
        CONSTANT_ATTRIBUTES: [{ name: "a_angle", size: 1, type: FLOAT }],
        CONSTANT_DATA: [[Math.PI / 2], [(Math.PI * 7) / 6], [(Math.PI * 11) / 6]],
      };
    }

    processVisibleItem(id: number, start: number, data: NodeDisplayData): void {
      this.array.set([data.x, data.y, data.size, floatColor(data.color), id], start);
    }

    /** The ground is the default colour of the renderer: no mark of ours has that. */
    setUniforms(params: RenderParams, { gl, uniformLocations: at }: ProgramInfo): void {
      gl.uniform1f(at["u_correctionRatio"] ?? null, params.correctionRatio);
      gl.uniform1f(at["u_sizeRatio"] ?? null, params.sizeRatio);
      gl.uniformMatrix3fv(at["u_matrix"] ?? null, false, params.matrix);
      const [r, g, b] = colorToArray(this.renderer.getSetting("defaultNodeColor"));
      gl.uniform4f(at["u_ground"] ?? null, (r ?? 0) / 255, (g ?? 0) / 255, (b ?? 0) / 255, 1);
    }
  };
}

export const MARKS = Object.fromEntries((Object.keys(SHAPES) as Type[]).map((type) => [type, program(type)]));
