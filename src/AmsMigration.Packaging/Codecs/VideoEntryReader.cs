using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Codecs;

/// <summary>Visual sample entries (ISO/IEC 14496-12 12.1.3, ISO/IEC 14496-15).</summary>
internal static class VideoEntryReader
{
    /// <summary>Bytes of the entry's content in front of its boxes.</summary>
    public const int FixedSize = 78;

    private const int WidthIndex = 24;
    private const int HeightIndex = 26;
    private const int CompressorNameIndex = 42;
    private const uint SeventyTwoDpi = 0x00480000;

    public static SampleDescription Read(SampleEntryBox entry)
    {
        switch (entry.Type)
        {
            case "avc1" or "avc2" or "avc3" or "avc4" or "dva1" or "dvav":
                return ReadAvc(new VisualEntry(entry));
            case "hvc1" or "hev1" or "dvh1" or "dvhe":
                return ReadHevc(new VisualEntry(entry));
            case "av01" or "dav1":
                return ReadAv1(new VisualEntry(entry));
            case "vp08" or "vp09":
                return ReadVp(new VisualEntry(entry));
            case "mp4v":
                return ReadMpeg4Visual(new VisualEntry(entry));
            default:
                return SampleDescriptionReader.Refused(entry, TrackKind.Video, CodecNames.Find(entry.Type, TrackKind.Video));
        }
    }

    private static SampleDescription ReadAvc(VisualEntry entry)
    {
        AvcConfiguration avc = AvcConfiguration.Read(entry.RequireBox("avcC"));
        bool inBand = avc.SequenceParameterSets == 0 || (entry.Type is "avc3" or "avc4" or "dvav" && avc.PictureParameterSets == 0);
        string fourCC = inBand ? "avc3" : "avc1";
        DolbyVision? dolby = DolbyVision.Find(entry.Boxes);
        string codecString = $"{fourCC}.{avc.Profile:x2}{avc.Compatibility:x2}{avc.Level:x2}";
        CodecInfo codec = entry.Describe(fourCC, "H.264", "avc", codecString, avc.Picture);
        return entry.Write(
            codec with { NalLengthSize = avc.NalLengthSize, SupplementalCodecs = dolby?.Supplement("dvav") }, avc.Box);
    }

    private static SampleDescription ReadHevc(VisualEntry entry)
    {
        HevcConfiguration hevc = HevcConfiguration.Read(entry.RequireBox("hvcC"));
        DolbyVision? dolby = DolbyVision.Find(entry.Boxes);
        bool dolbyOnly = entry.Type is "dvh1" or "dvhe" && (dolby is null || !dolby.IsCompatible);
        if (dolbyOnly && dolby is null)
        {
            throw entry.Box.Invalid($"Entry '{entry.Type}' has no Dolby Vision configuration (dvcC, dvvC); expected one.");
        }

        string fourCC = (dolbyOnly, hevc.HasParameterSets) switch
        {
            (true, true) => "dvh1",
            (true, false) => "dvhe",
            (false, true) => "hvc1",
            (false, false) => "hev1",
        };
        string codecString = dolbyOnly ? dolby!.CodecString(fourCC) : hevc.CodecString(fourCC);
        CodecInfo codec = entry.Describe(
            fourCC, dolbyOnly ? "Dolby Vision" : "HEVC", dolbyOnly ? "dolby-vision" : "hevc", codecString, hevc.Picture);
        return entry.Write(
            codec with
            {
                NalLengthSize = hevc.NalLengthSize,
                VideoRange = dolbyOnly && codec.VideoRange == VideoRange.Unknown ? VideoRange.Pq : codec.VideoRange,
                SupplementalCodecs = dolbyOnly ? null : dolby?.Supplement("dvh1"),
            },
            hevc.ToBox(complete: hevc.HasParameterSets));
    }

    private static SampleDescription ReadAv1(VisualEntry entry)
    {
        Av1Configuration av1 = Av1Configuration.Read(entry.RequireBox("av1C"));
        DolbyVision? dolby = DolbyVision.Find(entry.Boxes);
        bool dolbyOnly = entry.Type == "dav1" && dolby is { IsCompatible: false };
        string fourCC = dolbyOnly ? "dav1" : "av01";
        string codecString = dolbyOnly ? dolby!.CodecString(fourCC) : av1.CodecString(entry.Colour ?? av1.Picture);
        CodecInfo codec = entry.Describe(
            fourCC, dolbyOnly ? "Dolby Vision" : "AV1", dolbyOnly ? "dolby-vision-av1" : "av1", codecString, av1.Picture);
        return entry.Write(codec with { SupplementalCodecs = dolbyOnly ? null : dolby?.Supplement("dav1") }, av1.Box);
    }

    private static SampleDescription ReadVp(VisualEntry entry)
    {
        VpConfiguration vp = VpConfiguration.Read(entry.RequireBox("vpcC"));
        bool isVp9 = entry.Type == "vp09";
        string codecString = vp.CodecString(entry.Type, entry.Width, entry.Height);
        CodecInfo codec = entry.Describe(entry.Type, isVp9 ? "VP9" : "VP8", isVp9 ? "vp9" : "vp8", codecString, vp.Picture);
        return entry.Write(codec, vp.ToBox());
    }

    private static SampleDescription ReadMpeg4Visual(VisualEntry entry)
    {
        ElementaryStream stream = ElementaryStream.Read(entry.RequireBox("esds"));
        string name = stream.ObjectType switch
        {
            0x20 => "MPEG-4 Part 2",
            >= 0x60 and <= 0x65 => "MPEG-2",
            0x6A => "MPEG-1",
            0x6C => "Motion JPEG",
            0x6D => "PNG",
            0x6E => "Motion JPEG 2000",
            0xA3 => "VC-1",
            0xA4 => "Dirac",
            _ => $"MPEG-4 visual object type {stream.ObjectType:x2}",
        };
        byte[] config = stream.DecoderConfig;
        bool hasProfile = stream.ObjectType == 0x20 && config.Length > 4 && config[2] == 1 && config[3] == 0xB0;
        SampleDescription refused = SampleDescriptionReader.Refused(entry.Box, TrackKind.Video, name);
        return refused with
        {
            Codec = refused.Codec with
            {
                CodecString = $"mp4v.{stream.ObjectType:x2}{(hasProfile ? $".{config[4]}" : "")}",
                Width = entry.Width,
                Height = entry.Height,
            },
        };
    }

    /// <summary>The fields and boxes that all visual entries share.</summary>
    private sealed class VisualEntry
    {
        private readonly (int Width, int Height)? _pixelAspect;

        public VisualEntry(SampleEntryBox box)
        {
            box.Require(FixedSize);
            Box = box;
            Width = box.UInt16(WidthIndex);
            Height = box.UInt16(HeightIndex);
            Boxes = box.Children(FixedSize);
            foreach (SampleEntryBox child in Boxes)
            {
                switch (child.Type)
                {
                    case "pasp" when child.ContentLength >= 8 && _pixelAspect is null:
                        _pixelAspect = PixelAspect(child.UInt32(0), child.UInt32(4));
                        break;
                    case "colr":
                        Colour ??= ColourBox.Read(child);
                        break;
                }
            }
        }

        public SampleEntryBox Box { get; }

        public string Type => Box.Type;

        public List<SampleEntryBox> Boxes { get; }

        public int Width { get; private set; }

        public int Height { get; private set; }

        public PictureParameters? Colour { get; }

        public SampleEntryBox RequireBox(string type)
        {
            foreach (SampleEntryBox box in Boxes)
            {
                if (box.Type == type)
                {
                    return box;
                }
            }

            throw Box.Missing(type, Boxes);
        }

        public CodecInfo Describe(string fourCC, string name, string family, string codecString, PictureParameters? picture)
        {
            if (Width == 0 || Height == 0)
            {
                (Width, Height) = (picture?.Width ?? 0, picture?.Height ?? 0);
            }

            (int Width, int Height) sar = _pixelAspect
                ?? (picture is { SarWidth: > 0, SarHeight: > 0 } ? (picture.SarWidth, picture.SarHeight) : (1, 1));
            int transfer = Colour is { Transfer: not 2 } ? Colour.Transfer : picture?.Transfer ?? 2;
            VideoRange range = transfer switch
            {
                1 or 6 or 13 or 14 or 15 => VideoRange.Sdr,
                16 => VideoRange.Pq,
                18 => VideoRange.Hlg,
                _ => VideoRange.Unknown,
            };
            return new CodecInfo
            {
                FourCC = fourCC,
                CodecString = codecString,
                Name = name,
                Family = range is VideoRange.Pq or VideoRange.Hlg ? $"{family}-{range.ToString().ToLowerInvariant()}" : family,
                Kind = TrackKind.Video,
                Width = Width,
                Height = Height,
                SarWidth = sar.Width,
                SarHeight = sar.Height,
                VideoRange = range,
            };
        }

        /// <summary>The entry with clean fixed fields, its configuration first, and then the boxes that came with it.</summary>
        public SampleDescription Write(CodecInfo codec, byte[] configuration)
        {
            byte[] compressor = Box[CompressorNameIndex] < 32 ? Box.Slice(CompressorNameIndex, 32) : new byte[32];
            var writer = new BoxWriter();
            int start = writer.Begin(codec.FourCC);
            writer.Zeros(6);
            writer.UInt16(1);
            writer.Zeros(16);
            writer.UInt16((ushort)Width);
            writer.UInt16((ushort)Height);
            writer.UInt32(SeventyTwoDpi);
            writer.UInt32(SeventyTwoDpi);
            writer.UInt32(0);
            writer.UInt16(1);
            writer.Bytes(compressor);
            writer.UInt16(0x18);
            writer.UInt16(0xffff);
            writer.Bytes(configuration);
            var written = new HashSet<string> { "avcC", "hvcC", "av1C", "vpcC", "esds" };
            foreach (SampleEntryBox box in Boxes)
            {
                byte[]? content = box.Type switch
                {
                    "pasp" => _pixelAspect is null ? null : box.Content(),
                    "colr" => ColourBox.Normalise(box),
                    _ when !box.HasPrintableType => null,
                    _ => box.Content(),
                };
                if (content is not null && written.Add(box.Type == "colr" ? $"colr{(char)content[0]}" : box.Type))
                {
                    writer.Bytes(SampleEntryBox.ToBox(box.Type, content));
                }
            }

            writer.End(start);
            return new SampleDescription(writer.ToArray(), codec);
        }

        private static (int Width, int Height)? PixelAspect(uint width, uint height)
        {
            if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
            {
                return null;
            }

            long divisor = TimeMath.GreatestCommonDivisor(width, height);
            return ((int)(width / divisor), (int)(height / divisor));
        }
    }
}
