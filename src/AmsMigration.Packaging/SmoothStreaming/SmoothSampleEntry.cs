using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources.Smooth;

namespace AmsMigration.Packaging.SmoothStreaming;

/// <summary>The sample entry of a codec as client manifests describe it (MS-SSTR 2.2.2.5), where the media's own is lost: <see cref="SmoothCodec"/> backwards.</summary>
internal static class SmoothSampleEntry
{
    /// <summary>wFormatTag of AAC frames without headers, and of HE-AAC.</summary>
    private const int RawAac = 0xff;
    private const int HeAac = 0x1610;

    private const int AacInMpeg4 = 0x40;

    /// <summary>SubFormat of WAVEFORMATEXTENSIBLE for E-AC-3.</summary>
    private static readonly byte[] _enhancedAc3 = [0xaf, 0x87, 0xfb, 0xa7, 0x02, 0x2d, 0xfb, 0x42, 0xa4, 0xd4, 0x05, 0xcd, 0x93, 0x84, 0x3b, 0xdd];

    /// <param name="file">For messages.</param>
    /// <exception cref="PackagingException"><c>InvalidSampleEntry</c>: what the manifest says is no codec that is known here, or too little.</exception>
    public static SampleDescription Read(ClientQualityLevel level, string file)
    {
        (string handler, byte[] entry) = level.FourCC.ToUpperInvariant() switch
        {
            _ when level.CodecPrivateData.Length == 0 => throw Invalid("has no CodecPrivateData"),
            "H264" or "AVC1" or "DAVC" => ("vide", OfAvc(level)),
            "HVC1" or "HEV1" or "HEVC" or "H265" => ("vide", OfHevc(level)),
            "AACL" or "AACH" => ("soun", OfAac(level)),
            "" when level.AudioTag is RawAac or HeAac => ("soun", OfAac(level)),
            "EC-3" => ("soun", OfEnhancedAc3(level)),
            string fourCC => throw Invalid($"names a codec '{fourCC}', of which no header can be made"),
        };
        return SampleDescriptionReader.Read(entry, handler, file, 0);
    }

    private static byte[] OfAvc(ClientQualityLevel level)
    {
        const int SequenceParameterSet = 7;
        const int PictureParameterSet = 8;
        const int SequenceParameterSetExtension = 13;
        ILookup<int, byte[]> units = Units(level).ToLookup(unit => unit[0] & 0x1f);
        List<byte[]> sequenceSets = [.. units[SequenceParameterSet]];
        List<byte[]> pictureSets = [.. units[PictureParameterSet]];
        List<byte[]> extensions = [.. units[SequenceParameterSetExtension]];
        bool isWhole = sequenceSets.Count is > 0 and < 32 && pictureSets.Count is > 0 and < 256 && extensions.Count < 256;
        return isWhole && PictureParameters.OfAvc(sequenceSets[0], 0, sequenceSets[0].Length) is PictureParameters picture
            ? Visual("avc1", picture, AvcConfiguration.Write(sequenceSets, pictureSets, extensions, level.NalLengthSize))
            : throw Invalid("has no parameter sets of H.264 that can be read in CodecPrivateData");
    }

    private static byte[] OfHevc(ClientQualityLevel level)
    {
        const int SequenceParameterSet = 33;
        List<byte[]> units = [.. Units(level).Where(unit => unit.Length > 2)];
        byte[]? set = units.Find(unit => ((unit[0] >> 1) & 0x3f) == SequenceParameterSet);
        return set is not null && PictureParameters.OfHevc(set, 0, set.Length) is PictureParameters picture
            && HevcConfiguration.Write(units, level.NalLengthSize) is byte[] configuration
            ? Visual("hev1", picture, configuration)
            : throw Invalid("has no parameter sets of HEVC that can be read in CodecPrivateData");
    }

    private static byte[] OfAac(ClientQualityLevel level)
    {
        byte[] configuration = WithoutWaveFormat(level.CodecPrivateData);
        return AudioSpecificConfig.Read(configuration) is { IsAac: true, SampleRate: > 0 } aac
            ? Audio("mp4a", level, aac.Channels, aac.SampleRate, ElementaryStream.OfAudio(AacInMpeg4, configuration).ToBox())
            : throw Invalid("has no AudioSpecificConfig of AAC that can be read in CodecPrivateData");
    }

    /// <summary>What WAVEFORMATEX has behind wFormatTag, nChannels and so on, then the format, then dec3's content.</summary>
    private static byte[] OfEnhancedAc3(ClientQualityLevel level)
    {
        const int SamplesAndMask = 2 + 4;
        const int Least = 5;
        byte[] data = level.CodecPrivateData;
        int start = SamplesAndMask + _enhancedAc3.Length;
        return data.Length >= start + Least && data.Skip(SamplesAndMask).Take(_enhancedAc3.Length).SequenceEqual(_enhancedAc3)
            ? Audio("ec-3", level, 0, 0, SampleEntryBox.ToBox("dec3", [.. data.Skip(start)]))
            : throw Invalid("has no WAVEFORMATEXTENSIBLE of E-AC-3 that can be read in CodecPrivateData");
    }

    /// <summary>Some encoders have a whole WAVEFORMATEX in front of the AudioSpecificConfig, and for HE-AAC what HEAACWAVEINFO adds to it. Little endian.</summary>
    private static byte[] WithoutWaveFormat(byte[] data)
    {
        const int Length = 18;
        const int HeAacLength = 12;
        if (data.Length <= Length || (data[16] | (data[17] << 8)) != data.Length - Length)
        {
            return data;
        }

        return (data[0] | (data[1] << 8)) switch
        {
            RawAac => [.. data.Skip(Length)],
            HeAac => [.. data.Skip(Length + HeAacLength)],
            _ => data,
        };
    }

    /// <summary>NAL units behind start codes of three or four bytes (ISO/IEC 14496-10 B.1), without zeros behind them; none is empty.</summary>
    private static List<byte[]> Units(ClientQualityLevel level)
    {
        if (level.NalLengthSize is not (1 or 2 or 4))
        {
            throw Invalid($"says that NAL units have lengths of {level.NalLengthSize} bytes; expected 1, 2 or 4");
        }

        byte[] data = level.CodecPrivateData;
        List<int> starts = [];
        for (int i = 0; i + 3 <= data.Length; i++)
        {
            if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1)
            {
                starts.Add(i + 3);
            }
        }

        List<byte[]> units = [];
        for (int i = 0; i < starts.Count; i++)
        {
            int end = i + 1 < starts.Count ? starts[i + 1] - 3 : data.Length;
            while (end > starts[i] && data[end - 1] == 0)
            {
                end--;
            }

            int length = end - starts[i];
            if (length is > 0 and <= ushort.MaxValue)
            {
                units.Add([.. data.Skip(starts[i]).Take(length)]);
            }
        }

        return units;
    }

    /// <summary>VisualSampleEntry (ISO/IEC 14496-12 12.1.3); the fields that are always the same are written by <see cref="SampleDescriptionReader"/>.</summary>
    private static byte[] Visual(string type, PictureParameters picture, byte[] configuration)
    {
        var writer = new BoxWriter();
        int box = writer.Begin(type);
        writer.Zeros(24);
        writer.UInt16((ushort)picture.Width);
        writer.UInt16((ushort)picture.Height);
        writer.Zeros(VideoEntryReader.FixedSize - 28);
        writer.Bytes(configuration);
        writer.End(box);
        return writer.ToArray();
    }

    /// <summary>AudioSampleEntry (12.2.3).</summary>
    private static byte[] Audio(string type, ClientQualityLevel level, int channels, int rate, byte[] configuration)
    {
        rate = level.SamplingRate > 0 ? level.SamplingRate : rate;
        channels = level.Channels > 0 ? level.Channels : channels;
        var writer = new BoxWriter();
        int box = writer.Begin(type);
        writer.Zeros(16);
        writer.UInt16((ushort)channels);
        writer.UInt16((ushort)level.BitsPerSample);
        writer.UInt32(0);
        writer.UInt32(rate <= ushort.MaxValue ? (uint)rate << 16 : 0);
        writer.Bytes(configuration);
        writer.End(box);
        return writer.ToArray();
    }

    private static PackagingException Invalid(string message) => new(SampleEntryBox.ErrorCode, message);
}
