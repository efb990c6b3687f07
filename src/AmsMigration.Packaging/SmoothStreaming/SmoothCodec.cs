using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.SmoothStreaming;

/// <summary>A codec as client manifests name it (MS-SSTR 2.2.2.5).</summary>
/// <param name="FourCC">E.g. <c>H264</c>, <c>AACL</c>.</param>
/// <param name="PrivateData">Parameter sets with start codes, or AudioSpecificConfig, in hexadecimal digits.</param>
internal sealed record SmoothCodec(string FourCC, string PrivateData)
{
    private const int VisualHeaderLength = 78;
    private const int AudioHeaderLength = 28;

    private static readonly byte[] _startCode = [0, 0, 0, 1];

    /// <summary>Null where no Smooth Streaming client plays the codec, or what the client needs of it is not in the sample entry.</summary>
    public static SmoothCodec? Of(Track track)
    {
        if (track.Descriptions.Count != 1)
        {
            return null;
        }

        SampleEntryBox entry = SampleEntryBox.OfEntry(track.Descriptions[0].Entry, track.SourceFile, 0);
        return entry.Type switch
        {
            "avc1" or "avc3" => OfAvc(entry.Children(VisualHeaderLength)),
            "hvc1" or "hev1" => OfHevc(entry.Children(VisualHeaderLength), entry.Type),
            "mp4a" when track.Descriptions[0].Codec.AacConfiguration is AudioSpecificConfig aac => OfAac(entry.Children(AudioHeaderLength), aac),
            _ => null,
        };
    }

    private static SmoothCodec? OfAvc(List<SampleEntryBox> boxes)
    {
        if (boxes.FindIndex(box => box.Type == "avcC") is int index && index < 0)
        {
            return null;
        }

        SampleEntryBox avcC = boxes[index];
        AvcConfiguration configuration = AvcConfiguration.Read(avcC);
        List<byte> data = [];
        int at = AddUnits(avcC, 6, configuration.SequenceParameterSets, data);
        AddUnits(avcC, at + 1, configuration.PictureParameterSets, data);
        return configuration.SequenceParameterSets == 0 || configuration.PictureParameterSets == 0 ? null : new SmoothCodec("H264", Hex(data));
    }

    private static SmoothCodec? OfHevc(List<SampleEntryBox> boxes, string type)
    {
        if (boxes.FindIndex(box => box.Type == "hvcC") is int index && (index < 0 || !HevcConfiguration.Read(boxes[index]).HasParameterSets))
        {
            return null;
        }

        SampleEntryBox hvcC = boxes[index];
        List<byte> data = [];
        int at = 23;
        for (int left = hvcC[22]; left > 0; left--)
        {
            at = AddUnits(hvcC, at + 3, hvcC.UInt16(at + 1), data);
        }

        return new SmoothCodec(type.ToUpperInvariant(), Hex(data));
    }

    private static SmoothCodec? OfAac(List<SampleEntryBox> boxes, AudioSpecificConfig aac)
    {
        int index = boxes.FindIndex(box => box.Type == "esds");
        byte[] configuration = index < 0 ? [] : ElementaryStream.Read(boxes[index]).DecoderConfig;
        return configuration.Length == 0 ? null : new SmoothCodec(aac.HasSbr ? "AACH" : "AACL", Hex(configuration));
    }

    /// <summary>NAL units with a length of 16 bits each; the readers of the configurations have seen to it that they are there.</summary>
    /// <returns>Where they end.</returns>
    private static int AddUnits(SampleEntryBox box, int at, int count, List<byte> data)
    {
        for (; count > 0; count--)
        {
            int length = box.UInt16(at);
            data.AddRange(_startCode);
            data.AddRange(box.Slice(at + 2, length));
            at += 2 + length;
        }

        return at;
    }

    private static string Hex(IEnumerable<byte> bytes) => string.Concat(bytes.Select(value => value.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));
}
