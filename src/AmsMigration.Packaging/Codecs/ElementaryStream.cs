using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Codecs;

/// <summary>esds: the ES_Descriptor of ISO/IEC 14496-1 7.2.6.5, as far as decoders need it.</summary>
/// <param name="ObjectType">objectTypeIndication, e.g. 0x40 for ISO/IEC 14496-3.</param>
/// <param name="DecoderConfig">DecoderSpecificInfo; empty where there is none.</param>
internal sealed record ElementaryStream(
    int ObjectType, int StreamType, uint BufferSize, uint MaxBitrate, uint AverageBitrate, byte[] DecoderConfig)
{
    private const int AudioStream = 5;
    private const int EsDescriptor = 3;
    private const int DecoderConfigDescriptor = 4;
    private const int DecoderSpecificInfo = 5;

    private static readonly byte[] _predefinedSyncLayer = [6, 1, 2];

    public static ElementaryStream OfAudio(int objectType, byte[] decoderConfig) => new(objectType, AudioStream, 0, 0, 0, decoderConfig);

    public static ElementaryStream Read(SampleEntryBox box)
    {
        box.Require(6);
        int at = 4;
        int end = box.ContentLength;
        (int tag, int length) = ReadHeader(box, ref at, end);
        if (tag == EsDescriptor)
        {
            end = Math.Min(end, at + length);
            box.Require(at + 3);
            int flags = box[at + 2];
            at += 3 + ((flags & 0x80) != 0 ? 2 : 0);
            if ((flags & 0x40) != 0)
            {
                box.Require(at + 1);
                at += 1 + box[at];
            }

            at += (flags & 0x20) != 0 ? 2 : 0;
            (tag, length) = ReadHeader(box, ref at, end);
        }

        while (tag != DecoderConfigDescriptor)
        {
            at += length;
            (tag, length) = ReadHeader(box, ref at, end);
        }

        box.Require(at + 13);
        int configEnd = Math.Min(end, at + length);
        var stream = new ElementaryStream(
            box[at], box[at + 1] >> 2, box.UInt32(at + 1) & 0xffffff, box.UInt32(at + 5), box.UInt32(at + 9), []);
        at += 13;
        while (configEnd - at >= 2)
        {
            (tag, length) = ReadHeader(box, ref at, configEnd);
            if (tag == DecoderSpecificInfo)
            {
                return stream with { DecoderConfig = box.Slice(at, length) };
            }

            at += length;
        }

        return stream;
    }

    /// <summary>As ISO/IEC 14496-14 3.1 wants it in a file: ES_ID 0, no stream dependency, predefined SL configuration.</summary>
    public byte[] ToBox()
    {
        byte[] info = DecoderConfig.Length == 0 ? [] : Descriptor(DecoderSpecificInfo, DecoderConfig);
        var config = new BoxWriter();
        config.UInt8((byte)ObjectType);
        config.UInt8((byte)((StreamType << 2) | 1));
        config.UInt8((byte)(BufferSize >> 16));
        config.UInt16((ushort)BufferSize);
        config.UInt32(MaxBitrate);
        config.UInt32(AverageBitrate);
        config.Bytes(info);
        byte[] stream = [0, 0, 0, .. Descriptor(DecoderConfigDescriptor, config.ToArray()), .. _predefinedSyncLayer];
        return SampleEntryBox.ToBox("esds", [0, 0, 0, 0, .. Descriptor(EsDescriptor, stream)]);
    }

    private static byte[] Descriptor(int tag, byte[] content)
    {
        var writer = new BoxWriter(content.Length + 5);
        writer.UInt8((byte)tag);
        int shift = 0;
        while (content.Length >> (shift + 7) != 0)
        {
            shift += 7;
        }

        for (; shift > 0; shift -= 7)
        {
            writer.UInt8((byte)(0x80 | ((content.Length >> shift) & 0x7f)));
        }

        writer.UInt8((byte)(content.Length & 0x7f));
        writer.Bytes(content);
        return writer.ToArray();
    }

    /// <summary>Lengths past the end are cut to it: real files have them, and what is inside is still whole.</summary>
    private static (int Tag, int Length) ReadHeader(SampleEntryBox box, ref int at, int end)
    {
        if (end - at < 2)
        {
            throw box.Invalid("Box 'esds' ends before its decoder configuration; expected a DecoderConfigDescriptor.");
        }

        int tag = box[at++];
        int length = 0;
        for (int i = 0; i < 4 && at < end; i++)
        {
            byte part = box[at++];
            length = (length << 7) | (part & 0x7f);
            if (part < 0x80)
            {
                break;
            }
        }

        return (tag, Math.Min(length, end - at));
    }
}
