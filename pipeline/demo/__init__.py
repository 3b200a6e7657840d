"""A made-up streaming service, every table of the contract, with effects planted in it that are known."""

from pipeline.demo.world import write_demo_source

__all__ = ["write_demo_source"]
