package io.parley.local.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.HashMap;
import java.util.Map;

/**
 * A {@code RequestHandler} as bytes in and bytes out, by the rules of the managed Java runtime: the types are those that
 * the handler's class declares; the event classes of aws-lambda-java-events have serializers of their own; anything else
 * is read by the runtime's Jackson; {@code Void} is neither read nor written; a type that the class leaves open is
 * {@code Object} (maps, lists, strings).
 */
final class TypedHandler implements RequestStreamHandler {

    private final RequestHandler<Object, Object> handler;
    private final PojoSerializer<Object> input;
    private final PojoSerializer<Object> output;

    private TypedHandler(RequestHandler<Object, Object> handler, Type input, Type output) {
        this.handler = handler;
        this.input = serializer(input);
        this.output = serializer(output);
    }

    /** The handler itself where it works on bytes, else the handler wrapped. */
    @SuppressWarnings("unchecked")
    static RequestStreamHandler streaming(Object handler) {
        if (handler instanceof RequestStreamHandler stream) {
            return stream;
        }
        if (handler instanceof RequestHandler<?, ?> typed) {
            Type[] types = declaredTypes(handler.getClass(), Map.of());
            return new TypedHandler((RequestHandler<Object, Object>) typed, types[0], types[1]);
        }
        throw new IllegalArgumentException(handler.getClass().getName()
                + " is neither a RequestHandler nor a RequestStreamHandler: Lambda could not run it");
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) {
        Object answer = handler.handleRequest(read(in), context);
        if (output != null) {
            output.toJson(answer, out);
        }
    }

    private Object read(InputStream in) {
        if (input == null) {
            return null;
        }
        try {
            return input.fromJson(in);
        } catch (RuntimeException e) {
            throw new RuntimeException("An error occurred during JSON parsing", e);
        }
    }

    @SuppressWarnings("unchecked")
    private static PojoSerializer<Object> serializer(Type type) {
        if (type == Void.class) {
            return null;
        }
        if (type instanceof Class<?> eventClass
                && LambdaEventSerializers.isLambdaSupportedEvent(eventClass.getName())) {
            return LambdaEventSerializers.serializerFor(
                    (Class<Object>) eventClass, TypedHandler.class.getClassLoader());
        }
        return JacksonFactory.getInstance().getSerializer(type);
    }

    /** The two type arguments of RequestHandler somewhere above the type; null where it does not implement it. */
    private static Type[] declaredTypes(Type type, Map<Type, Type> known) {
        Map<Type, Type> bound = new HashMap<>(known);
        Class<?> raw;
        if (type instanceof ParameterizedType parameterized) {
            raw = (Class<?>) parameterized.getRawType();
            TypeVariable<?>[] names = raw.getTypeParameters();
            for (int i = 0; i < names.length; i++) {
                Type argument = parameterized.getActualTypeArguments()[i];
                bound.put(names[i], bound.getOrDefault(argument, argument));
            }
        } else {
            raw = (Class<?>) type;
        }
        if (raw == RequestHandler.class) {
            TypeVariable<?>[] names = raw.getTypeParameters();
            return new Type[] {closed(bound.get(names[0])), closed(bound.get(names[1]))};
        }
        for (Type parent : raw.getGenericInterfaces()) {
            Type[] found = declaredTypes(parent, bound);
            if (found != null) {
                return found;
            }
        }
        Type parent = raw.getGenericSuperclass();
        return parent == null ? null : declaredTypes(parent, bound);
    }

    private static Type closed(Type type) {
        return type == null || type instanceof TypeVariable ? Object.class : type;
    }
}
