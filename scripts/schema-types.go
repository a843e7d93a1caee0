// Prints, as JSON, what OpenAPI does not tell about the API's Go types: which fields are dropped when empty, pointers,
// protobuf field numbers, strategic-merge keys and the Go names that decoding errors use. Run by schema.mjs.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

type field struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	GoType   string `json:"goType"`
	Pointer  bool   `json:"pointer,omitempty"`
	Omit     bool   `json:"omit,omitempty"`
	OmitZero bool   `json:"omitZero,omitempty"`
	Number   string `json:"number,omitempty"`
	Wire     string `json:"wire,omitempty"`
	Strategy string `json:"strategy,omitempty"`
	MergeKey string `json:"mergeKey,omitempty"`
}

type object struct {
	GoName string  `json:"goName"`
	Fields []field `json:"fields"`
}

var objects = map[string]*object{}

func typeName(t reflect.Type) string {
	path := t.PkgPath()
	for _, prefix := range []string{"k8s.io/api/", "k8s.io/apimachinery/pkg/apis/", "k8s.io/apimachinery/pkg/",
		"k8s.io/apiextensions-apiserver/pkg/apis/", "k8s.io/kube-aggregator/pkg/apis/"} {
		if strings.HasPrefix(path, prefix) {
			path = strings.TrimPrefix(path, prefix)
			break
		}
	}
	return path + "." + t.Name()
}

// describe gives the JSON form of a type: a word, "[x" a list, "{x" a map, "@name" a struct.
func describe(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		return describe(t.Elem())
	}
	switch name := typeName(t); name {
	case "meta/v1.Time", "meta/v1.MicroTime", "meta/v1.Duration", "api/resource.Quantity", "util/intstr.IntOrString",
		"meta/v1.FieldsV1", "runtime.RawExtension", "apiextensions/v1.JSON", "apiextensions/v1.JSONSchemaPropsOrBool",
		"apiextensions/v1.JSONSchemaPropsOrArray", "apiextensions/v1.JSONSchemaPropsOrStringArray":
		if strings.HasPrefix(name, "apiextensions/v1.JSONSchema") {
			walk(reflect.TypeFor[apiextensionsv1.JSONSchemaProps]())
		}
		return "!" + t.Name()
	}
	switch t.Kind() {
	case reflect.Struct:
		walk(t)
		return "@" + typeName(t)
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		return "[" + describe(t.Elem())
	case reflect.Map:
		return "{" + describe(t.Elem())
	}
	return t.Kind().String()
}

func goType(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.String()
}

// collect lists the fields; those of an embedded struct are fields of the whole in JSON, and of a part of it in protobuf.
func collect(t reflect.Type, into *object, prefix string) {
	for i := range t.NumField() {
		f := t.Field(i)
		parts := strings.Split(f.Tag.Get("json"), ",")
		if parts[0] == "-" {
			continue
		}
		if parts[0] == "" && f.Anonymous {
			inner := prefix
			if tag := strings.Split(f.Tag.Get("protobuf"), ","); len(tag) > 1 {
				inner += tag[1] + "."
			}
			collect(f.Type, into, inner)
			continue
		}
		entry := field{Name: parts[0], Type: describe(f.Type), GoType: goType(f.Type), Pointer: f.Type.Kind() == reflect.Pointer,
			Strategy: f.Tag.Get("patchStrategy"), MergeKey: f.Tag.Get("patchMergeKey")}
		for _, part := range parts[1:] {
			entry.Omit = entry.Omit || part == "omitempty"
			entry.OmitZero = entry.OmitZero || part == "omitzero"
		}
		if tag := strings.Split(f.Tag.Get("protobuf"), ","); len(tag) > 1 {
			entry.Wire, entry.Number = tag[0], prefix+tag[1]
		}
		into.Fields = append(into.Fields, entry)
	}
}

func walk(t reflect.Type) {
	name := typeName(t)
	if objects[name] != nil {
		return
	}
	objects[name] = &object{GoName: t.Name()}
	collect(t, objects[name], "")
}

func main() {
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{scheme.AddToScheme, apiextensionsv1.AddToScheme, apiregistrationv1.AddToScheme} {
		if err := add(s); err != nil {
			panic(err)
		}
	}
	kinds := map[string]string{}
	for gvk, t := range s.AllKnownTypes() {
		if _, ok := t.FieldByName("TypeMeta"); ok {
			walk(t)
			kinds[gvk.GroupVersion().String()+"/"+gvk.Kind] = typeName(t)
		}
	}
	walk(reflect.TypeFor[metav1.Status]())
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"kinds": kinds, "types": objects}); err != nil {
		panic(err)
	}
}
