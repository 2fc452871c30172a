/** The WebGL program of the marks; shape says the type as much as colour does. */

import { NodeProgram, type ProgramInfo } from "sigma/rendering";
import type { NodeDisplayData, RenderParams } from "sigma/types";
import { colorToArray, floatColor } from "sigma/utils";
import type { Type } from "./drawing";

/** Numbers of the shapes in the program: disc, square, diamond, triangle, ring; all have about the same area. */
export const SHAPES: Record<Type, number> = { Method: 0, Dataset: 1, Task: 2, Metric: 3, Concept: 4 };

const VERTEX = `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec2 a_position;
attribute float a_size;
attribute float a_shape;
attribute float a_angle;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
varying vec4 v_color;
varying vec2 v_point;
varying float v_pixel;
varying float v_shape;
const float bias = 255.0 / 254.0;
void main() {
  float radius = a_size * u_correctionRatio / u_sizeRatio * 2.0;
  vec2 corner = 3.4 * vec2(cos(a_angle), sin(a_angle));
  gl_Position = vec4((u_matrix * vec3(a_position + corner * radius, 1)).xy, 0, 1);
  v_point = corner;
  v_shape = a_shape;
  v_pixel = u_correctionRatio * 2.0 / radius;
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= bias;
}`;

/**
 * How far a point is outside of its shape, where a disc has radius 1. The mark is softened over a pixel at its edge,
 * and has a rim of the ground around it that parts it from lines; a ring is filled with the ground.
 */
const FRAGMENT = `
precision highp float;
uniform vec4 u_ground;
varying vec4 v_color;
varying vec2 v_point;
varying float v_pixel;
varying float v_shape;
float outside(vec2 p) {
  if (v_shape < 0.5 || v_shape > 3.5) return length(p) - 1.0;
  if (v_shape < 1.5) return max(abs(p.x), abs(p.y)) - 0.88;
  if (v_shape < 2.5) return (abs(p.x) + abs(p.y) - 1.28) * 0.7071;
  return max(abs(p.x) * 0.866 + p.y * 0.5, -p.y) - 0.72;
}
void main(void) {
  float away = outside(v_point);
  #ifdef PICKING_MODE
  gl_FragColor = away > v_pixel * 2.0 ? vec4(0.0) : v_color;
  #else
  float inner = v_shape > 3.5 ? length(v_point) - 0.56 : 1.0;
  vec4 fill = mix(u_ground, v_color, clamp(inner / v_pixel + 0.5, 0.0, 1.0));
  vec4 mark = mix(fill, u_ground, clamp(away / v_pixel + 0.5, 0.0, 1.0));
  gl_FragColor = mix(mark, vec4(0.0), clamp((away - v_pixel * 1.4) / v_pixel + 0.5, 0.0, 1.0));
  #endif
}`;

const UNIFORMS = ["u_sizeRatio", "u_correctionRatio", "u_matrix", "u_ground"] as const;
const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGLRenderingContext;

export class MarkProgram extends NodeProgram<(typeof UNIFORMS)[number]> {
  getDefinition() {
    return {
      VERTICES: 3,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: TRIANGLES,
      UNIFORMS,
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_size", size: 1, type: FLOAT },
        { name: "a_shape", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
      CONSTANT_ATTRIBUTES: [{ name: "a_angle", size: 1, type: FLOAT }],
      CONSTANT_DATA: [[Math.PI / 2], [(Math.PI * 7) / 6], [(Math.PI * 11) / 6]],
    };
  }

  processVisibleItem(id: number, start: number, data: NodeDisplayData & { shape?: number }): void {
    this.array.set([data.x, data.y, data.size, data.shape ?? 0, floatColor(data.color), id], start);
  }

  /** The ground is the default colour of the renderer: no mark of ours has that. */
  setUniforms(params: RenderParams, { gl, uniformLocations: at }: ProgramInfo): void {
    gl.uniform1f(at["u_correctionRatio"] ?? null, params.correctionRatio);
    gl.uniform1f(at["u_sizeRatio"] ?? null, params.sizeRatio);
    gl.uniformMatrix3fv(at["u_matrix"] ?? null, false, params.matrix);
    const [r, g, b] = colorToArray(this.renderer.getSetting("defaultNodeColor"));
    gl.uniform4f(at["u_ground"] ?? null, (r ?? 0) / 255, (g ?? 0) / 255, (b ?? 0) / 255, 1);
  }
}
