package sluice.parity.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.types.RawTaggedField;

/** Kafka's generated class of one message, driven by reflection. */
final class JavaMessage {
    private JavaMessage() { }

    static Message fromJson(Definition definition, JsonNode json, short version) throws Exception {
        Class<?> converter = Class.forName(definition.className() + "JsonConverter");
        return (Message) invoke(converter.getMethod("read", JsonNode.class, short.class), json, version);
    }

    /** Record sets appear in the JSON by their size only: as such the converter can tell two of them apart. */
    static JsonNode toJson(Definition definition, Message message, short version) throws Exception {
        Class<?> converter = Class.forName(definition.className() + "JsonConverter");
        return (JsonNode) invoke(
            converter.getMethod("write", message.getClass(), short.class, boolean.class), message, version, false);
    }

    /** @throws RuntimeException what Java throws when the version can't carry the message. */
    static byte[] toBytes(Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        message.addSize(size, cache, version);
        ByteBuffer buffer = ByteBuffer.allocate(size.totalSize());
        message.write(new ByteBufferAccessor(buffer), cache, version);
        if (buffer.hasRemaining()) throw new IllegalStateException("size and bytes differ");
        return buffer.array();
    }

    /**
     * Adds tagged fields that no version knows to the message and every struct inside it. Not to structs at their
     * default: they may belong to other versions, and Java counts an unknown tagged field as a value they can't carry.
     */
    static void addUnknownTags(Message message) throws ReflectiveOperationException {
        message.unknownTaggedFields().add(new RawTaggedField(1000, new byte[] {1, 2, 3}));
        message.unknownTaggedFields().add(new RawTaggedField(70000, new byte[0]));
        for (Field field : message.getClass().getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers())) continue;
            field.setAccessible(true);
            Object value = field.get(message);
            if (value instanceof Message struct && !isDefault(struct)) addUnknownTags(struct);
            if (!(value instanceof Iterable<?> list)) continue;
            for (Object element : list) {
                if (element instanceof Message struct) addUnknownTags(struct);
            }
        }
    }

    private static boolean isDefault(Message struct) throws ReflectiveOperationException {
        return struct.equals(struct.getClass().getConstructor().newInstance());
    }

    private static Object invoke(java.lang.reflect.Method method, Object... arguments) throws Exception {
        try {
            return method.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) throw cause;
            throw e;
        }
    }
}
